"""The package: its names, imports, version and distributions."""

from __future__ import annotations

import email
import os
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
URL = "https://git.example/steptrail"
SLOW = {
    "asyncio",
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
    environment = {**os.environ, "STEPTRAIL_URL": URL}
    result = subprocess.run(build, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_wheel_is_small_and_complete(distributions: Path) -> None:
    [wheel] = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [license_name] = [name for name in names if name.endswith("/LICENSE")]
        text = archive.read(license_name)

    assert wheel.stat().st_size <= 250_000
    assert {"steptrail/step-record.schema.json", "steptrail/py.typed"} <= set(names)
    assert text == (PROJECT / "LICENSE").read_bytes()
    if (CHECKOUT / "LICENSE").exists():
        assert text == (CHECKOUT / "LICENSE").read_bytes()
    [sdist] = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive_of_sources:
        assert any(
            name.endswith("/tests/test_package.py") for name in archive_of_sources.getnames()
        )


def test_metadata_links_to_the_repository(distributions: Path) -> None:
    [wheel] = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))

    assert f"Source, {URL}" in metadata.get_all("Project-URL", [])
    readme = metadata.get_payload()
    assert isinstance(readme, str)
    assert f"({URL}/blob/HEAD/docs/record-from-python.md)" in readme
    assert "](../" not in readme
    extras = set(metadata.get_all("Provides-Extra", []))
    assert {"images", "client", "pandas"} <= extras
    assert not {"test", "docs"} & extras


def test_first_example_of_the_readme_records_in_a_new_environment(
    distributions: Path, tmp_path: Path
) -> None:
    """With nothing installed but the wheel."""
    [wheel] = distributions.glob("*.whl")
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    [example, *_] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index"]
    other = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([*pip, wheel], env=other, check=True)

    subprocess.run(
        [python, "-c", example],
        env={"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)},
        check=True,
    )

    task = RecordedOutbox(tmp_path / ".steptrail/outbox").task
    assert [step["action"]["action"] for step in task.steps] == ["Tap"]
    assert task.of_kind("task_ended")[0]["message"] == "The volume is at its maximum."


def test_package_as_a_program_names_the_command() -> None:
    result = subprocess.run([sys.executable, "-m", "steptrail"], capture_output=True, text=True)

    assert result.returncode == 1
    assert "steptrail-X.Y.Z.zip" in result.stderr
