"""Records what phone agents see, think and do.

    import steptrail

    with steptrail.task("Turn the volume up", agent="my-agent", model="autoglm-phone-9b") as task:
        task.step(action={"action": "Tap", "element": [499, 842]}, success=True)
        task.succeed("The volume is at its maximum.")

The steps go to an outbox, a folder that `steptrail ship` delivers: `~/.steptrail/outbox`, or the
one in the environment variable `STEPTRAIL_OUTBOX`. Recording does not block the agent and does not
raise into it; losses are counted in the recording and in `Tracker.stats`.
"""

from __future__ import annotations

import atexit
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from ._default import configure, default_tracker, flush, task
    from ._recorder import Durability
    from ._redaction import ScreenshotContext, ScreenshotRedactor, TextRedactor
    from ._schema import record_schema
    from ._screenshots import ImageSource, Region, Role, Screenshot
    from ._stats import Stats
    from ._step_record import StepFields
    from ._task_record import EndReason, Status, VerdictValue
    from ._tracker import Step, Task, Tracker, current_step, current_task, records
    from ._usage import ModelCall, Usage
    from .client import AsyncClient, Client

__all__ = [
    "AsyncClient",
    "Client",
    "Durability",
    "EndReason",
    "ImageSource",
    "ModelCall",
    "Region",
    "Role",
    "Screenshot",
    "ScreenshotContext",
    "ScreenshotRedactor",
    "Stats",
    "Status",
    "Step",
    "StepFields",
    "Task",
    "TextRedactor",
    "Tracker",
    "Usage",
    "VerdictValue",
    "__version__",
    "configure",
    "current_step",
    "current_task",
    "default_tracker",
    "flush",
    "record_schema",
    "records",
    "task",
]

# Imported on first use, so that a program that does not record does not pay for it.
_MODULES = {
    "AsyncClient": "client",
    "Client": "client",
    "Durability": "_recorder",
    "EndReason": "_task_record",
    "ImageSource": "_screenshots",
    "ModelCall": "_usage",
    "Region": "_screenshots",
    "Role": "_screenshots",
    "Screenshot": "_screenshots",
    "ScreenshotContext": "_redaction",
    "ScreenshotRedactor": "_redaction",
    "Stats": "_stats",
    "Status": "_task_record",
    "Step": "_tracker",
    "StepFields": "_step_record",
    "Task": "_tracker",
    "TextRedactor": "_redaction",
    "Tracker": "_tracker",
    "Usage": "_usage",
    "VerdictValue": "_task_record",
    "configure": "_default",
    "current_step": "_tracker",
    "current_task": "_tracker",
    "default_tracker": "_default",
    "flush": "_default",
    "record_schema": "_schema",
    "records": "_tracker",
    "task": "_default",
}


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        except ModuleNotFoundError as e:
            if _MODULES[name] != "client":
                raise
            return _unavailable(name, str(e))
        globals()[name] = value
        return value

    def _unavailable(name: str, problem: str) -> type:
        """Returns a class whose constructor raises, so that `help` and `import *` work."""

        def __init__(self: object, *args: object, **kwargs: object) -> None:
            raise ModuleNotFoundError(problem)

        return type(name, (), {"__doc__": problem, "__init__": __init__, "__module__": __name__})


@atexit.register
def _at_exit() -> None:
    lifecycle = sys.modules.get("steptrail._lifecycle")
    if lifecycle is not None:  # something was recorded
        lifecycle.at_exit()


def __dir__() -> list[str]:
    return __all__
