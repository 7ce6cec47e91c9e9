"""The package: its names, imports, version and distributions."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import steptrail
from programs import run
from recorded import CHECKOUT, RecordedOutbox

PROJECT = Path(__file__).parents[1]
SLOW = {
    "asyncio",
    "typing",
    "inspect",
    "logging",
    "json",
    "PIL",
    "numpy",
    "httpx",
    "steptrail._tracker",
}


def test_import_loads_nothing_slow() -> None:
    result = run("import sys, steptrail; print(*sys.modules)")

    assert not SLOW & set(result.stdout.split())


def test_every_name_exists() -> None:
    for name in set(steptrail.__all__) - {"Client", "AsyncClient"}:
        assert getattr(steptrail, name) is not None
    assert set(dir(steptrail)) == set(steptrail.__all__)
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        getattr(steptrail, "missing")  # noqa: B009


@pytest.mark.skipif(not (CHECKOUT / "pom.xml").exists(), reason="not in a checkout")
def test_version_is_that_of_the_project() -> None:
    pom = (CHECKOUT / "pom.xml").read_text(encoding="utf-8")
    [version] = re.findall(r"^  <version>(.+)</version>", pom, re.MULTILINE)

    assert steptrail.__version__ == version.replace("-SNAPSHOT", ".dev0").replace("-rc.", "rc")


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    options = ["--no-isolation", "--outdir", str(folder), str(PROJECT)]
    build = [sys.executable, "-m", "build", *options]
    result = subprocess.run(build, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_wheel_from_sdist_has_everything(distributions: Path) -> None:
    [wheel] = distributions.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert "steptrail/step-record.schema.json" in names
    assert "steptrail/py.typed" in names
    assert wheel.stat().st_size <= 250_000
    [sdist] = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        assert any(name.endswith("/tests/test_package.py") for name in archive.getnames())


def test_wheel_alone_records(distributions: Path, tmp_path: Path, outbox: RecordedOutbox) -> None:
    """In an interpreter that finds nothing but the standard library and the wheel."""
    [wheel] = distributions.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import importlib.util, steptrail\n"
        "assert steptrail.__file__.startswith(sys.path[0])\n"
        "assert steptrail.record_schema()['title']\n"
        "with steptrail.Tracker(sys.argv[1]) as tracker, tracker.task('x') as task:\n"
        "    task.step(thinking='hm', before=sys.argv[2])\n"
        "    task.succeed()\n"
        "assert importlib.util.find_spec('PIL') is None\n"
    )
    from pictures import PNG

    (tmp_path / "screen.png").write_bytes(PNG)
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, outbox.path, tmp_path / "screen.png"],
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr
    assert outbox.task.frame(outbox.task.steps[0]["frames"][0]) == PNG
