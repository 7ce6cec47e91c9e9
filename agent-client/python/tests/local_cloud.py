"""The local cloud and the command line that Maven built in this checkout."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from recorded import CHECKOUT

LOCAL_CLOUD = CHECKOUT / "infra/local-cloud/target"
COMMAND = CHECKOUT / "agent-client/cli"
START_SECONDS = 180
ARRIVAL_SECONDS = 60


class Cloud:
    """A running local cloud.

    environment: the settings in its `local.env`, with the token of the user `demo`.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        lines = shlex.split((data / "local.env").read_text(encoding="utf-8"))
        self.environment = dict(line.split("=", 1) for line in lines)
        self.api = self.environment["STEPTRAIL_API"]
        self.token = self.environment["STEPTRAIL_TOKEN"]

    def token_of(self, user: str, *, admin: bool = False) -> str:
        """Returns a token of another user."""
        options = ["--token", user, "--data", str(self._data)] + ["--admin"] * admin
        return subprocess.run(
            _java(options), check=True, capture_output=True, text=True
        ).stdout.strip()

    def run(
        self, *arguments: str, stdin: str = "", environment: Mapping[str, str] | None = None
    ) -> str:
        """Runs the `steptrail` command and returns what it prints."""
        result = subprocess.run(
            ["sh", COMMAND / "src/main/bin/steptrail", *arguments],
            input=stdin,
            env=self.command_environment(environment or {}),
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def command_environment(self, overrides: Mapping[str, str]) -> dict[str, str]:
        """Returns the environment of a `steptrail` command; a variable that is empty is not set."""
        home = {"STEPTRAIL_HOME": str(COMMAND / "target")}
        merged = {**os.environ, **self.environment, **home, **overrides}
        return {name: value for name, value in merged.items() if value}

    def record(self, outbox: Path, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """Records tasks by `steptrail record`, ships them and returns their ids."""
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        ids = self.run("record", "--outbox", str(outbox), stdin=lines).split()
        self.ship(outbox, ids)
        return ids

    def ship(self, outbox: Path, ids: Sequence[str] = (), *, judged: bool = False) -> None:
        """Ships the outbox, and waits until these tasks have arrived.

        judged: whether to wait for a verdict on each of them, too.
        """
        self.run("ship", "--once", "--outbox", str(outbox))
        for task_id in ids:
            self.wait_for(
                f"/api/tasks/{task_id}",
                lambda task: bool(
                    task["start_received"] and task["ended_at"] and (task["verdict"] or not judged)
                ),
            )

    def get(self, path: str) -> Any:
        """Returns the JSON of the API; None if there is none yet."""
        response = httpx.get(self.api + path, headers={"Authorization": f"Bearer {self.token}"})
        if response.status_code == 404:
            return None
        return response.raise_for_status().json()

    def steps(self, task_id: str) -> list[dict[str, Any]]:
        """Returns all steps of a task."""
        path = f"/api/tasks/{task_id}/steps?limit=1000"
        page = self.get(path)
        steps: list[dict[str, Any]] = page["steps"]
        while page["next_cursor"]:
            page = self.get(f"{path}&cursor={quote(page['next_cursor'])}")
            steps += page["steps"]
        return steps

    def wait_for(self, path: str, condition: Callable[[Any], bool]) -> Any:
        """Returns the JSON of the API as soon as it fulfils a condition."""
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while True:
            found = self.get(path)
            if found is not None and condition(found):
                return found
            assert time.monotonic() < deadline, f"{path} is still {found}"
            time.sleep(0.2)


@contextlib.contextmanager
def running(data: Path) -> Iterator[Cloud]:
    """Runs a local cloud with its data in a new folder."""
    options = ["--data", str(data), "--port", "0"]
    with open(data.parent / "cloud.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(_java(options), stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, Path(log.name))
            yield Cloud(data)
        finally:
            process.terminate()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "ready http" not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.1)


def _java(options: Sequence[str]) -> list[str]:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin/java")) if home else "java"
    classes = f"{LOCAL_CLOUD / 'local-cloud.jar'}{os.pathsep}{LOCAL_CLOUD / 'lib'}/*"
    # As in the tests in Java: most code runs only a few times.
    jvm = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command = [java, *jvm, "-cp", classes, "dev.steptrail.localcloud.LocalCloud"]
    return [*command, "--template", str(CHECKOUT / "sam-template.yaml"), *options]


def require() -> None:
    """Skips the test if the local cloud or the command line has not been built; fails in CI."""
    for path in (LOCAL_CLOUD / "local-cloud.jar", COMMAND / "target/lib"):
        if not path.exists():
            reason = f"{path} is missing; run mvn package -DskipTests"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
