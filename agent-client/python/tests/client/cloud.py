"""The local cloud and the command line of this checkout, for tests that read back tasks."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

CHECKOUT = Path(__file__).resolve().parents[4]
LOCAL_CLOUD = CHECKOUT / "infra" / "local-cloud" / "target"
COMMAND = CHECKOUT / "agent-client" / "cli"
PATIENCE = 60.0
"""Seconds until a test fails that waits for the cloud."""


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
            ["sh", COMMAND / "src" / "main" / "bin" / "steptrail", *arguments],
            input=stdin,
            env=self.command_environment(environment or {}),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert result.returncode == 0, result.stderr
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
        return self.ship(outbox, ids)

    def ship(self, outbox: Path, ids: Sequence[str], *, judged: bool = False) -> list[str]:
        """Ships the outbox, waits until the tasks have arrived, and returns their ids.

        judged: whether to wait for a verdict on each of them, too.
        """
        self.run("ship", "--once", "--outbox", str(outbox))
        for task_id in ids:
            self._wait_for(task_id, judged)
        return list(ids)

    def _wait_for(self, task_id: str, judged: bool) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            response = httpx.get(
                f"{self.api}/api/tasks/{task_id}", headers={"Authorization": f"Bearer {self.token}"}
            )
            task = response.json()
            has_ended = task.get("start_received") and task["ended_at"]
            if has_ended and (task["verdict"] or not judged):
                return
            time.sleep(0.2)
        raise TimeoutError(f"the task {task_id} has not arrived")


@contextlib.contextmanager
def running(data: Path) -> Iterator[Cloud]:
    """Runs a local cloud with its data in a new folder."""
    options = ["--data", str(data), "--port", "0", "--unthrottled"]
    with open(data.parent / "cloud.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(_java(options), stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, Path(log.name))
            yield Cloud(data)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while "ready " not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.1)


def _java(options: Sequence[str]) -> list[str]:
    classes = f"{LOCAL_CLOUD / 'local-cloud.jar'}:{LOCAL_CLOUD / 'lib'}/*"
    java = (
        str(Path(os.environ["JAVA_HOME"], "bin", "java")) if "JAVA_HOME" in os.environ else "java"
    )
    command = [java, "-cp", classes, "dev.steptrail.localcloud.LocalCloud"]
    return [*command, "--template", str(CHECKOUT / "sam-template.yaml"), *options]


def require() -> None:
    """Skips the test if the local cloud or the command line has not been built; fails in CI."""
    missing = [
        path
        for path in (LOCAL_CLOUD / "local-cloud.jar", COMMAND / "target" / "lib")
        if not path.exists()
    ]
    if missing:
        reason = (
            f"{missing[0]} is missing; run mvn package -pl infra/local-cloud,agent-client/cli -am"
        )
        if "CI" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)
