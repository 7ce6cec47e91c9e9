"""The scripts that build or install what they run: which Maven they use, and the Python environment of infra/deploy."""
import os
import shutil
import subprocess

import pytest

import cloud as accounts

PROGRAMS = ("bash", "cat", "find", "head", "java", "ln", "locale", "mkdir", "mvn", "readlink", "rm", "sed", "sleep", "touch", "unzip")


MAVEN = """#!/bin/sh
echo ${0##*/} $* >&2
echo '[INFO] Building Steptrail: shipper 0.1.0-SNAPSHOT          [2/3]'
echo '[INFO] Copying 2 resources'
%s
"""


def build(tmp_path, *missing, result="exit 0"):
    """Builds a module of a new checkout, on a machine without the given programs. Returns the exit status and the output."""
    root, programs = tmp_path / "checkout", tmp_path / "programs"
    (root / "module" / "target").mkdir(parents=True)
    (root / "pom.xml").touch()
    programs.mkdir()
    for name in set(PROGRAMS) - {"mvn"} - set(missing):
        (programs / name).symlink_to(shutil.which(name))
    for maven in {root / "mvnw", programs / "mvn"} - {programs / name for name in missing}:
        maven.write_text(MAVEN % result)
        maven.chmod(0o755)
    environment = {name: os.environ[name] for name in ("HOME", "JAVA_HOME") if name in os.environ}
    done = subprocess.run(["bash", "-euc", f'. "{accounts.CHECKOUT}/.mvn/build-if-stale.sh"; build_if_stale "{root}" module'],
                          env={**environment, "PATH": str(programs)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    return done.returncode, done.stdout


def test_maven_of_the_path_is_used(tmp_path):
    status, output = build(tmp_path)

    assert status == 0, output
    assert output == "Building module...\nmvn -B -pl module -am package -DskipTests\n  module 2 of 3: shipper\n"


def test_failure_of_maven_is_printed(tmp_path):
    status, output = build(tmp_path, result="echo '[ERROR] no disk'; exit 1")

    assert status == 1
    assert output.endswith("[ERROR] no disk\nbash: the build of module failed; run mvn package for details\n")


def test_without_maven_the_wrapper_is_used(tmp_path):
    status, output = build(tmp_path, "mvn")

    assert status == 0, output
    assert "\nmvnw -B -pl module" in output


def test_without_maven_and_unzip_the_message_names_both(tmp_path):
    status, output = build(tmp_path, "mvn", "unzip")

    assert status == 1
    assert output.endswith("neither Maven nor unzip is installed; install Maven (3.8.7 or later), or unzip, with which ./mvnw downloads Maven\n")


FAKE_PYTHON = """#!/bin/sh
case "$1 $2" in
"-c "*) exit $OLD ;;
"-m venv")
  mkdir -p "$4/bin"
  printf '#!/bin/sh\\necho pip "$@"; exit $BROKEN\\n' >"$4/bin/pip"
  printf '#!/bin/sh\\necho python "$@"\\n' >"$4/bin/python"
  chmod +x "$4/bin/pip" "$4/bin/python" ;;
esac
"""


@pytest.fixture
def start(tmp_path):
    """Runs a script of a new checkout with a Python that records what is installed. Returns its exit status and the lines of its output."""
    for path in ("deploy", "backup", "python-environment.sh", "deployment/requirements.txt"):
        (tmp_path / "infra" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(accounts.CHECKOUT / "infra" / path, tmp_path / "infra" / path)
    (tmp_path / "programs").mkdir()
    python = tmp_path / "programs/python3"
    python.write_text(FAKE_PYTHON)
    python.chmod(0o755)

    def start(script, *arguments, old=0, broken=0):
        done = subprocess.run([str(tmp_path / "infra" / script), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              universal_newlines=True, env={"PATH": f"{tmp_path}/programs:{os.environ['PATH']}", "OLD": str(old),
                                                            "BROKEN": str(broken), "XDG_CACHE_HOME": str(tmp_path / "cache")})
        return done.returncode, done.stdout.splitlines()

    return start


def test_first_run_installs_the_packages_and_later_runs_use_them(start):
    status, (announced, installed, ran) = start("deploy", "--check", "--set", "A=b c")

    assert status == 0
    assert announced.startswith("Installing the SAM CLI and other packages in ") and announced.endswith(", once; this takes about 2 minutes")
    assert installed.endswith("-r deployment/requirements.txt")
    assert ran == "python -m deployment --check --set A=b c"
    assert start("backup", "--list") == (0, ["python -m deployment.backup --list"])


def test_failed_installation_is_reported_with_what_to_do_and_repeated(start):
    status, lines = start("deploy", broken=1)

    assert status == 1
    assert lines[-1].startswith("Cannot install the packages of deployment/requirements.txt; the error is above. Check that pip reaches PyPI")
    assert start("deploy")[1][-1] == "python -m deployment"


def test_old_python_is_reported_before_anything_is_installed(start):
    assert start("deploy", old=1) == (
        1, ["Python 3.10 or later with venv is not installed. Install it (Debian: apt-get install python3-venv)."])


def test_another_version_of_the_packages_is_installed_beside_the_first(start, tmp_path):
    start("deploy")
    with (tmp_path / "infra/deployment/requirements.txt").open("a") as requirements:
        requirements.write("# changed\n")

    assert start("deploy")[1][0].startswith("Installing the SAM CLI")
    assert len(list((tmp_path / "cache/steptrail").iterdir())) == 2
