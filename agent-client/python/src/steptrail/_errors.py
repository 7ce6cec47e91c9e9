"""Exceptions within the recorder. None of them reaches the agent."""

from __future__ import annotations


class OutboxFull(OSError):
    """The outbox has reached its size limit, until a shipper has delivered a part of it."""


class RecordRejected(Exception):
    """A record cannot be written. The message contains the reason, but no content of the record."""


class ScreenshotLost(Exception):
    """A screenshot cannot be written.

    reason: the key under which it is counted in the task's losses.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def loss_reason(error: BaseException) -> str:
    """Returns the key under which a record that could not be written is counted."""
    if isinstance(error, OutboxFull):
        return "outbox_full"
    return "outbox_unwritable" if isinstance(error, OSError) else "invalid"


def describe(error: BaseException) -> str:
    """Describes an error for the log and for `Stats.last_error`.

    Only the type is returned for an error of the agent's own objects or of a redactor, because its
    message may contain recorded content.
    """
    kind = type(error).__name__
    if isinstance(error, (OutboxFull, RecordRejected, ScreenshotLost)):
        return str(error)
    return f"{kind}: {error}" if isinstance(error, OSError) else kind
