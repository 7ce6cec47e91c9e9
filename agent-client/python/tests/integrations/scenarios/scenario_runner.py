"""Runs scenarios one after another in one process, because importing a framework takes seconds."""

from __future__ import annotations

import json
import os
import pathlib
import sys
import urllib.request
from collections.abc import Callable
from typing import Any


def run_scenarios(main: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answers the requests in the file `sys.argv[1]`, and writes the answers to `sys.argv[2]`.

    `environment` of a request are environment variables for it. `servers` are the URLs of fake
    servers that are informed before the request is answered.
    """
    coverage = _start_coverage()
    asked, answered = map(pathlib.Path, sys.argv[1:])
    answers = []
    for number, request in enumerate(json.loads(asked.read_text(encoding="utf-8"))):
        os.environ.update(request.get("environment", {}))
        for url in request.get("servers", ()):
            body = json.dumps({"number": number}).encode()
            with urllib.request.urlopen(f"{url}/scenario", body) as response:
                response.read()
        if request.get("outbox"):
            from steptrail.integrations import failures

            failures.clear()
        answers.append(main(request))
    if coverage is not None:
        coverage.stop()
        coverage.save()
    answered.write_text(json.dumps(answers), encoding="utf-8")


def _start_coverage() -> Any:
    """Measures the coverage if the tests do, into a file beside theirs."""
    data_file = os.environ.get("STEPTRAIL_COVERAGE_FILE")
    if data_file is None:
        return None
    import coverage

    measurement = coverage.Coverage(
        data_file, data_suffix=True, source_pkgs=["steptrail"], config_file=False
    )
    measurement.start()
    return measurement
