"""Removes private content from records and screenshots before they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ._screenshots import Region, Role


@dataclass(frozen=True)
class ScreenshotContext:
    """The step of a screenshot, for `redact_screenshot`. Its texts are not redacted."""

    task_id: str
    step_number: int
    step_type: str
    role: Role
    sensitive: bool
    thinking: str | None
    action: Mapping[str, Any] | None


Regions = Sequence[Union[Region, tuple[int, int, int, int]]]
TextRedactor = Callable[[str], Union[str, None]]
ScreenshotRedactor = Callable[[bytes, ScreenshotContext], Union[Iterable[Any], bytes, None]]
