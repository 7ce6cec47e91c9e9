"""Virtual environments with the recorded packages, made once and kept in the user's cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import coverage
import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src"
SCENARIOS = Path(__file__).parent / "scenarios"
CACHE = Path(
    os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "steptrail", "python-integrations"
)

TIMEOUT = 300  # seconds


@dataclass(frozen=True)
class Environment:
    """A Python interpreter with one framework installed."""

    python: Path
    sources: tuple[Path, ...] = ()

    def run(
        self,
        program: str,
        requests: list[dict[str, Any]],
        folder: Path,
        variables: dict[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Runs `scenarios/<program>.py` and returns its answers to the requests.

        folder: where requests and answers are written, and the home folder of the process.
        variables: further environment variables.

        Raises AssertionError with the output of the process if it writes no answers.
        """
        folder.mkdir(parents=True, exist_ok=True)
        asked, answered = folder / "requests.json", folder / "answers.json"
        asked.write_text(json.dumps(requests), encoding="utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join(
                map(str, (SOURCES, SCENARIOS, SCENARIOS.parent, *self.sources))
            ),
            "PYTHONDONTWRITEBYTECODE": "1",
            **_coverage(),
            **(variables or {}),
        }
        done = subprocess.run(
            [self.python, SCENARIOS / f"{program}.py", asked, answered],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
            # A shell that runs the tests in the background ignores the signal in all processes.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        output = done.stdout.decode(errors="replace")
        assert answered.exists(), (
            f"{program} exited with status {done.returncode}:\n{output[-8000:]}"
        )
        answers: list[dict[str, Any]] = json.loads(answered.read_text(encoding="utf-8"))
        return answers


def make_environment(
    name: str, requirements: list[str], versions: tuple[tuple[int, int], ...] = ()
) -> Path:
    """Returns the interpreter of a virtual environment; skips the test if it cannot be made.

    requirements: as for pip.
    versions: the versions of Python that the packages support. Default that of this interpreter.
    """
    interpreter = _find_interpreter(versions)
    requirements = [*requirements, "coverage"]
    key = hashlib.sha256("\n".join([str(interpreter), *requirements]).encode()).hexdigest()[:12]
    folder = CACHE / f"{name}-{key}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix=f".{name}-") as temporary:
            made = Path(temporary, "venv")
            _run([interpreter, "-m", "venv", made])
            _run(
                [
                    _python(made),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    *requirements,
                ]
            )
            _keep(made, folder)
    return _python(folder)


def check_out(name: str, repository: str, commit: str) -> Path:
    """Returns a folder with the files of a commit; skips the test if it cannot be fetched."""
    folder = CACHE / f"{name}-{commit[:12]}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix=f".{name}-") as temporary:
            made = Path(temporary, "checkout")
            _run(["git", "init", "--quiet", made])
            _run(["git", "-C", made, "fetch", "--quiet", "--depth=1", repository, commit])
            _run(["git", "-C", made, "checkout", "--quiet", "FETCH_HEAD"])
            _keep(made, folder)
    return folder


def _coverage() -> dict[str, str]:
    """Returns the variables with which a program measures its coverage, if this process does."""
    measurement = coverage.Coverage.current()
    if measurement is None:
        return {}
    return {"STEPTRAIL_COVERAGE_FILE": str(Path(measurement.config.data_file).absolute())}


def _find_interpreter(versions: tuple[tuple[int, int], ...]) -> Path:
    if not versions or sys.version_info[:2] in versions:
        return Path(sys.executable)
    for major, minor in versions:
        found = shutil.which(f"python{major}.{minor}")
        if found:
            return Path(found)
    _unavailable("needs Python " + " or ".join(f"{major}.{minor}" for major, minor in versions))


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _keep(made: Path, folder: Path) -> None:
    """Moves a complete folder to its place in the cache, unless another process was first."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.exists():
            raise


def _run(command: list[Any]) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        lines = done.stdout.decode(errors="replace").strip().splitlines() or ["no output"]
        _unavailable(f"{' '.join(map(str, command[:4]))} failed: {lines[-1]}")


def _unavailable(reason: str) -> NoReturn:
    """Skips the test, or fails it where `CI` is set."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
