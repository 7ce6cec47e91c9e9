"""The JDK that builds the functions and checks the database."""
import os
import re
import shutil
import subprocess

from .errors import Stop

MIN_VERSION = 17
HOW_TO_INSTALL = f"Install a JDK, {MIN_VERSION} or later (Debian: apt-get install default-jdk)."


def java() -> str:
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else "java"


def check_java() -> None:
    if not shutil.which(java()):
        raise Stop(f"'java' is not installed. {HOW_TO_INSTALL}")
    printed = subprocess.run([java(), "-version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    version = re.search(r'version "((\d+)[^"]*)"', printed)
    if not version or int(version.group(2)) < MIN_VERSION:
        raise Stop(f"java {version.group(1) if version else 'of an unknown version'} is too old; version {MIN_VERSION} or later is needed."
                   f" {HOW_TO_INSTALL}")
