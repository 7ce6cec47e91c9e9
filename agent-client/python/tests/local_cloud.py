"""Runs the local cloud and the command line that Maven built in this checkout."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recorded import CHECKOUT

CLOUD = CHECKOUT / "infra/local-cloud/target"
CLI = CHECKOUT / "agent-client/cli/target"
START_SECONDS = 180
ARRIVAL_SECONDS = 60


def missing() -> str | None:
    """Returns what this checkout or machine lacks; None if the local cloud can run."""
    if shutil.which("java") is None:
        return "Java is not installed"
    if not (CLOUD / "local-cloud.jar").exists() or not (CLI / "lib").exists():
        return "not built: mvn package -pl infra/local-cloud,agent-client/cli -am -DskipTests"
    return None


@dataclass
class LocalCloud:
    process: subprocess.Popen[bytes]
    settings: dict[str, str]

    @staticmethod
    def start(data: Path) -> LocalCloud:
        data.mkdir(mode=0o700)
        log = data.parent / "local-cloud.log"
        command = [
            *("java", "-cp", f"{CLOUD / 'local-cloud.jar'}{os.pathsep}{CLOUD / 'lib'}/*"),
            *("dev.steptrail.localcloud.LocalCloud", "--template", CHECKOUT / "sam-template.yaml"),
            *("--data", data, "--port", "0"),
        ]
        with open(log, "wb") as out:
            process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=out)
        deadline = time.monotonic() + START_SECONDS
        while b"ready http" not in log.read_bytes():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise RuntimeError(log.read_text())
            time.sleep(0.2)
        lines = shlex.split((data / "local.env").read_text())
        return LocalCloud(process, dict(line.split("=", 1) for line in lines))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def ship(self, outbox: Path) -> str:
        """Runs `steptrail ship --once`, which must succeed. Returns its output."""
        result = subprocess.run(
            [
                *("java", "-cp", f"{CLI / 'lib'}/*", "dev.steptrail.cli.Steptrail"),
                *("ship", "--once", "--outbox", str(outbox)),
            ],
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout + result.stderr

    def get(self, path: str) -> Any:
        """Returns the JSON of the API; None if there is none yet."""
        request = urllib.request.Request(
            self.settings["STEPTRAIL_API"] + path,
            headers={"Authorization": f"Bearer {self.settings['STEPTRAIL_TOKEN']}"},
        )
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as e:
            if e.code != 404:
                raise
            return None

    def wait_for(self, path: str, condition: Callable[[Any], bool]) -> Any:
        """Returns the JSON of the API as soon as it fulfils a condition."""
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while True:
            found = self.get(path)
            if found is not None and condition(found):
                return found
            assert time.monotonic() < deadline, f"{path} is still {found}"
            time.sleep(0.3)

    def steps(self, task_id: str) -> list[dict[str, Any]]:
        """Returns all steps of a task."""
        steps: list[dict[str, Any]] = []
        path = f"/api/tasks/{task_id}/steps"
        page = self.get(path)
        while page is not None:
            steps += page["steps"]
            cursor = page["next_cursor"]
            page = self.get(f"{path}?cursor={quote(cursor)}") if cursor else None
        return steps
