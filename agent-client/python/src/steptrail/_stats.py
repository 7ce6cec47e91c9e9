"""Statistics of a tracker."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stats:
    """The counters of a tracker since it was created; in a forked process since the fork.

    queued: records that wait for the writer thread.
    queued_bytes: the estimated memory of their texts and screenshots.
    written: steps written to the outbox.
    written_bytes: bytes of records and screenshots written to the outbox.
    dropped_steps, dropped_screenshots: losses by reason. The screenshots of a dropped step are not
        counted, except those that were lost before the step was dropped.
    withheld_texts: fields that were omitted because `redact_text` failed.
    unreadable_values: values of the agent that raised an exception when they were read.
    invalid_fields: fields of tasks and steps that were omitted, or are incomplete, because of an
        invalid value.
    unconfirmed: calls that returned before their durability was reached.
    lost_tasks: tasks that are not recorded: their start did not fit into the queue, or is not
        valid.
    lost_ends: tasks whose end could not be written; they are marked as abandoned later.
    lost_verdicts: verdicts that were invalid or could not be written.
    last_error: the last error, without recorded content; None if there was none.
    """

    queued: int
    queued_bytes: int
    written: int
    written_bytes: int
    dropped_steps: dict[str, int]
    dropped_screenshots: dict[str, int]
    withheld_texts: int
    unreadable_values: int
    invalid_fields: int
    unconfirmed: int
    lost_tasks: int
    lost_ends: int
    lost_verdicts: int
    last_error: str | None
