"""The scripts that build what they run: which Maven they use."""
import os
import shutil
import subprocess

import cloud as accounts

PROGRAMS = ("bash", "cat", "find", "head", "java", "ln", "locale", "mkdir", "mvn", "readlink", "rm", "sed", "sleep", "touch", "unzip")


def build(tmp_path, *missing):
    """Builds a module of a new checkout, on a machine without the given programs. Returns what ran, and the error message."""
    root, programs = tmp_path / "checkout", tmp_path / "programs"
    (root / "module" / "target").mkdir(parents=True)
    (root / "pom.xml").touch()
    programs.mkdir()
    for name in set(PROGRAMS) - {"mvn"} - set(missing):
        (programs / name).symlink_to(shutil.which(name))
    for maven in {root / "mvnw", programs / "mvn"} - {programs / name for name in missing}:
        maven.write_text(f"#!/bin/sh\necho {maven.name} $*\n")
        maven.chmod(0o755)
    environment = {name: os.environ[name] for name in ("HOME", "JAVA_HOME") if name in os.environ}
    done = subprocess.run(["bash", "-euc", f'. "{accounts.CHECKOUT}/.mvn/build-if-stale.sh"; build_if_stale "{root}" module'],
                          env={**environment, "PATH": str(programs)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    return done.returncode, done.stdout


def test_maven_of_the_path_is_used(tmp_path):
    status, output = build(tmp_path)

    assert status == 0, output
    assert "\nmvn -q -B -pl module" in output


def test_without_maven_the_wrapper_is_used(tmp_path):
    status, output = build(tmp_path, "mvn")

    assert status == 0, output
    assert "\nmvnw -q -B -pl module" in output


def test_without_maven_and_unzip_the_message_names_both(tmp_path):
    status, output = build(tmp_path, "mvn", "unzip")

    assert status == 1
    assert output.endswith("neither Maven nor unzip is installed; install Maven (3.8.7 or later), or unzip, with which ./mvnw downloads Maven\n")
