"""The names of the package, and what editors, `help` and type checkers find of them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import jedi  # type: ignore[import-untyped]
import pytest

import steptrail
from programs import run
from steptrail import Tracker

WITHOUT_HTTPX = "import sys; sys.modules['httpx'] = None\n"


def test_editors_find_every_name() -> None:
    """jedi, which IPython also uses, analyses the source."""
    names = {found.name for found in jedi.Script("import steptrail\nsteptrail.").complete(2)}

    assert set(steptrail.__all__) <= names


def test_editors_find_the_fields_of_a_step() -> None:
    code = "import steptrail\nsteptrail.Tracker().task().begin_step("
    [signature] = jedi.Script(code).get_signatures()

    assert {"thinking", "before"} <= {parameter.name for parameter in signature.params}


@pytest.mark.parametrize(
    "code",
    [
        "from steptrail import *; Tracker, Client",
        "import steptrail; help(steptrail)",
        "import inspect, steptrail; dict(inspect.getmembers(steptrail))['AsyncClient']",
        "import steptrail; assert hasattr(steptrail, 'Client')",
    ],
)
def test_names_exist_without_httpx(code: str) -> None:
    result = run(WITHOUT_HTTPX + code)

    assert result.returncode == 0, result.stderr


def test_client_without_httpx_names_the_packages() -> None:
    result = run(WITHOUT_HTTPX + "from steptrail import Client\nClient('http://localhost')")

    assert "ModuleNotFoundError" in result.stderr
    assert "pip install 'httpx<1' 'anyio>=4'" in result.stderr


def parameters(function: Callable[..., Any]) -> list[tuple[Any, ...]]:
    return [
        (parameter.name, parameter.kind, parameter.default, parameter.annotation)
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in ("self", "require_outbox")
    ]


def documented(documentation: str | None) -> dict[str, str]:
    """The parameters in a docstring."""
    lines = inspect.cleandoc(documentation or "")
    found = re.findall(r"^(\w+(?:, \w+)*): (.*(?:\n +.*)*)", lines, re.MULTILINE)
    return {names: re.sub(r"\s+", " ", text) for names, text in found if names != "require_outbox"}


def test_default_tracker_has_the_parameters_of_trackers() -> None:
    assert parameters(steptrail.configure) == parameters(Tracker)
    assert parameters(steptrail.task) == parameters(Tracker.task)


def test_default_tracker_documents_the_parameters_of_trackers() -> None:
    of_task = documented(Tracker.task.__doc__)
    of_task["agent, model, device_id"] = "as in `configure`, for this task."

    assert documented(steptrail.configure.__doc__) == documented(Tracker.__doc__)
    assert documented(steptrail.task.__doc__) == of_task
    for function in (steptrail.configure, steptrail.task):
        names = ", ".join(documented(function.__doc__)).split(", ")
        assert names == [name for name, *_ in parameters(function)]
