"""What the API returns, as frozen dataclasses.

The fields are those of the schemas in `infra/openapi.yaml`. A field is `None` if the API returns
null or omits it. Fields that this version does not know are ignored, except where the API returns
what the sender of a step added: these are in `extra`. Values of a `Literal` are not checked,
because later releases of the API may add values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

TaskStatus = Literal["running", "succeeded", "failed", "cancelled", "abandoned", "archived"]
"""The state of a task. `abandoned`: no data for 6 hours; `archived`: its steps were moved to the
archive.
"""

EndReason = Literal[
    "finished",
    "ended_without_finish",
    "unparseable_reply",
    "max_steps",
    "model_error",
    "abandoned",
    "cancelled",
]
Role = Literal["before", "after", "other"]
"""The role of a screenshot: the screen before the action, after it, or any other screen."""

SuccessValue = Literal["pass", "fail", "unclear"]
Source = Literal["human", "automatic"]
AttachedField = Literal[
    "thinking",
    "action",
    "action_result",
    "error_message",
    "timings",
    "resources",
    "model_input",
    "model_output",
    "other_fields",
]
AttachedTaskField = Literal[
    "name",
    "description",
    "agent",
    "model",
    "device_id",
    "metadata",
    "attributes",
    "message",
    "extra_start_fields",
    "extra_end_fields",
]
Change = Literal["regression", "fix", "unchanged", "too_few"]
ReportFormat = Literal["csv", "md", "html", "pdf"]
Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCounts:
    """Tokens of model calls. `input_tokens` includes `cached_tokens`."""

    input_tokens: int
    cached_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The cost of tokens, by the prices that are set now."""

    amounts: Mapping[str, Decimal]
    """The cost by currency, not rounded."""
    unpriced_tokens: int
    """Tokens of models without a price; their cost is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskThumbnail:
    """The last screenshot of a task."""

    url: str | None = dataclasses.field(repr=False)
    """A presigned URL; `None` if the screenshot is sensitive."""
    step_number: int
    screenshot_index: int
    role: Role
    sensitive: bool
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastError:
    """The newest failed step of a task."""

    step_number: int
    error: str | None
    """The first 300 characters of the error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFields:
    """What the API returns of a task, alone, in lists and in reports."""

    task_id: str
    owner: str | None = None
    name: str | None
    description: str | None
    """The instruction that the agent was given."""
    agent: str | None
    model: str | None
    device_id: str | None
    status: TaskStatus
    message: str | None
    """The agent's final message, or the error that ended the task."""
    end_reason: EndReason | None
    previous_task_id: str | None
    """The task that this one resumes."""
    start_received: bool
    started_at: datetime
    ended_at: datetime | None
    last_step_at: datetime | None
    last_step_number: int | None
    """The highest step number, including lost steps; `None` until the task has ended."""
    received_at: datetime
    total_steps: int
    successful_steps: int
    failed_steps: int
    total_duration_ms: int
    dropped_steps: int
    dropped_screenshots: int
    conflicting_steps: int
    keep: bool
    losses: Mapping[str, Any] | None
    metadata: Mapping[str, Any] | None
    experiment: str | None
    case_id: str | None
    repeat: int | None
    attributes: Mapping[str, Any] | None
    tags: tuple[str, ...]
    verdict: SuccessValue | None
    """The verdict on success that counts."""
    verdict_source: Source | None
    claimed_success: bool | None
    """Whether the agent claims success; `None` while the task runs."""
    success: bool | None
    """Whether the task counts as successful, by the verdict, else by the agent's claim."""
    extra_start_fields: Mapping[str, Any] | None
    extra_end_fields: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(TaskFields):
    """One execution of an instruction by an agent on a device."""

    usage: TokenCounts | None = None
    cost: Cost | None = None
    thumbnail: TaskThumbnail | None = None
    """Only in lists with `include="thumbnail"`."""
    last_error: LastError | None = None
    """Only in lists with `include="error"`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A rectangle of a screenshot, in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepScreenshot:
    """A stored screenshot of a step, without its URL."""

    screenshot_index: int
    """The index among the step's screenshots."""
    role: Role
    screenshot_path: str | None = None
    """The key in the bucket."""
    file_hash: str
    """SHA-256 of the stored bytes, in hex."""
    file_size: int
    """Bytes as stored."""
    original_size: int
    """Bytes of the frame as recorded."""
    width: int
    height: int
    format: str
    compressed: bool
    sensitive: bool
    redacted_regions: tuple[Region, ...]
    """Regions that the recorder made unreadable."""
    perceptual_hash: str | None
    thumbnail_path: str | None
    captured_at: datetime | None
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Fields that the sender added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screenshot(StepScreenshot):
    """A stored screenshot with its presigned URL, which anyone can read until it expires."""

    step_id: str
    task_id: str
    step_number: int
    url: str = dataclasses.field(repr=False)
    thumbnail_url: str | None = dataclasses.field(repr=False)
    expires_at: datetime | None
    """When the URLs expire; in a list, when the first URL of its page expires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAttachment:
    """A file with a value of a step that is too large to be a part of the step."""

    field: AttachedField
    path: str | None = None
    """The key in the bucket."""
    file_hash: str
    """SHA-256 of the file, in hex."""
    file_size: int
    original_size: int
    """Size of the value's JSON in bytes."""
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Fields that the sender added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The presigned URL of an attachment, a file with gzip-compressed JSON.

    The attachment belongs to a step, or to a task: then `step_id` and `step_number` are `None`.
    """

    step_id: str | None = None
    task_id: str
    step_number: int | None = None
    url: str = dataclasses.field(repr=False)
    expires_at: datetime | None
    field: Literal[AttachedField, AttachedTaskField]
    path: str | None = None
    file_hash: str
    file_size: int
    original_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a task: what the agent saw, thought and did."""

    step_id: str
    """`<task_id>.<step_number>`."""
    task_id: str
    step_number: int
    step_type: str
    timestamp: datetime
    """When the step was recorded, by the recorder's clock."""
    created_at: datetime
    """The same as `timestamp`."""
    thinking: str | None
    action: Mapping[str, Any] | None
    action_result: Mapping[str, Any] | None
    duration_ms: int | None
    success: bool | None
    """As recorded; a step with an `error_message` whose `success` is `None` counts as failed."""
    error_message: str | None
    screenshot_path: str | None
    timings: Mapping[str, Any] | None
    """Durations of the step's parts in milliseconds."""
    resources: Mapping[str, Any] | None
    screenshots: tuple[StepScreenshot, ...]
    cost: Cost | None = None
    usage: Mapping[str, Any] | None = None
    """Tokens of the model call, and what else the sender recorded about them."""
    model_input: Any = None
    """What the model received; only with `include_model_calls=True`."""
    model_output: Any = None
    """What the model returned; only with `include_model_calls=True`."""
    attachments: tuple[StepAttachment, ...] | None = None
    """Values that are stored as files; only with `include_model_calls=True`."""
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Fields that the sender added, such as `current_app`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judgement of a task by a person or by an evaluator."""

    verdict_id: int
    name: str
    """What is judged; `success` is whether the task succeeded."""
    value: SuccessValue | float
    source: Source
    author: str | None
    """The user who set the verdict; `None` if a lab machine sent it."""
    evaluator: str | None
    """The program that judged; `None` if the verdict is human."""
    evaluator_version: str | None
    reason: str | None
    judged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label of a step."""

    step_number: int
    label: str
    author: str | None = None
    labelled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on a task, or on one of its steps."""

    note_id: int
    step_number: int | None
    """The step; `None` if the note is on the task."""
    author: str | None = None
    text: str
    created_at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """A distribution of durations in milliseconds; all fields are `None` if there are no values."""

    total_ms: int | None
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    longest_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Outcomes of the owner's ended tasks with the same instruction."""

    tasks: int
    successes: int
    success_rate: float
    success_rate_low: float
    """The lower limit of the 95 % confidence interval."""
    success_rate_high: float
    claimed_successes: int | None = None
    verified: int | None = None
    disagreements: int | None = None
    duration_p10_ms: int | None = None
    duration_p50_ms: int | None = None
    duration_p90_ms: int | None = None
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedStep:
    """A failed step in a report."""

    step_number: int
    step_type: str
    action: str | None
    error_message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRange:
    """Consecutive steps on the timeline of a report."""

    first_step: int
    last_step: int
    steps: int
    errors: int
    unknown: int
    """Steps with an unknown outcome."""
    at: datetime
    duration_ms: int | None
    step_type: str | None
    action: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCause:
    """Errors with the same cause."""

    cause: str | None
    count: int
    first_step: int
    last_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyScreenshot:
    """One of the most important screenshots of a task."""

    reason: str
    step_id: str
    step_number: int
    screenshot_index: int
    role: str
    sensitive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LostScreenshot:
    """Screenshots that a step reports as lost."""

    step_number: int
    role: str | None
    reason: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRange:
    """Consecutive step numbers, including both ends."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem of a task, such as a loop."""

    kind: str
    steps: tuple[int, ...]
    detail: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A recommended change, with the steps on which it is based."""

    kind: str
    steps: tuple[int, ...]
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(TaskFields):
    """A task with totals of its steps."""

    disagreement: bool | None
    """Whether the verdict contradicts the agent's claim."""
    usage: TokenCounts | None
    cost: Cost | None
    total_verdicts: int
    total_labels: int
    total_notes: int
    verdicts: tuple[Verdict, ...]
    """The first 1000, newest first."""
    labels: tuple[Label, ...]
    notes: tuple[Note, ...]
    """The first 1000, oldest first."""
    judgements_truncated: bool
    """Whether verdicts, labels or notes are shortened or omitted."""
    step_success_rate: float | None
    elapsed_ms: int | None
    summarised_steps: int
    """The number of steps on which the statistics are based."""
    truncated: bool
    """Whether the task has too many steps to summarise all of them."""
    expectation: Expectation | None
    step_durations: Durations
    step_intervals: Durations
    gaps_between_steps: Durations
    model_time: Durations
    steps_by_type: Mapping[str, int]
    steps_by_action: Mapping[str, int]
    errors: tuple[FailedStep, ...]
    timeline: tuple[TimelineRange, ...]
    error_causes: tuple[ErrorCause, ...]
    key_screenshots: tuple[KeyScreenshot, ...]
    total_lost_screenshots: int
    lost_screenshots: tuple[LostScreenshot, ...]
    missing_steps: tuple[StepRange, ...]
    findings: tuple[Finding, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUsage:
    """Tokens of the tasks of a case."""

    tasks: int
    """The tasks whose tokens are known."""
    input_tokens: int
    cached_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResults:
    """Results of the tasks of a case, or of an experiment."""

    tasks: int
    passes: int
    fails: int
    unclear: int
    running: int
    pass_rate: float | None
    """`passes` as a fraction of `passes` and `fails`."""
    pass_rate_low: float | None
    """The lower limit of the 95 % confidence interval."""
    pass_rate_high: float | None
    claimed_pass_rate: float | None
    verified_pass_rate: float | None
    """The pass rate of the tasks that have a verdict."""
    disagreements: int
    mean_steps: float | None
    mean_duration_ms: int | None
    usage: CaseUsage | None
    cost: Cost | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSummary:
    """An experiment in the list of experiments."""

    name: str
    owner: str
    first_started_at: datetime
    last_started_at: datetime
    cases: int
    tasks: int
    passes: int
    fails: int
    pass_rate: float | None
    claimed_pass_rate: float | None
    verified_pass_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of an experiment."""

    case_id: str | None
    """`None` for the tasks that have no case."""
    results: CaseResults
    baseline: CaseResults | None
    change: Change | None
    """How the case changed against the baseline; `None` without one."""
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Numbers of cases by their change."""

    regression: int
    fix: int
    unchanged: int
    too_few: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The experiment with which another one is compared."""

    name: str
    attributes: tuple[Mapping[str, Any], ...]
    results: CaseResults
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """The results of an experiment, with all of its cases."""

    name: str
    owner: str
    first_started_at: datetime
    last_started_at: datetime
    attributes: tuple[Mapping[str, Any], ...]
    """The different `attributes` of the tasks, the most frequent first; at most 20."""
    results: CaseResults
    baseline: Baseline | None
    cases: tuple[Case, ...]
    """By case id. With a baseline, including the cases that only the baseline has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """Quantiles in milliseconds, with an error of at most 1 %."""

    p50_ms: int | None
    p95_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTime:
    """The time that models took, in milliseconds."""

    total_ms: int | None
    p50_ms: int | None
    p95_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsUsage:
    """Tokens of the steps of a group."""

    steps: int
    """The steps whose tokens are known."""
    input_tokens: int
    cached_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsGroup:
    """Statistics of a group of steps and tasks.

    The field with the name of the grouping has the group's value, for example `day`; the other
    names of groupings are `None`. Groups by `metadata.KEY` have their value in `extra`.
    """

    day: date | None = None
    agent: str | None = None
    model: str | None = None
    device_id: str | None = None
    step_type: str | None = None
    action: str | None = None
    tag: str | None = None
    instruction: str | None = None
    verdict: Literal["pass", "fail", "unclear", "none"] | None = None
    experiment: str | None = None
    last_started_at: datetime | None = None
    last_task_id: str | None = None
    recent_outcomes: tuple[Literal["pass", "fail", "unclear", "running"], ...] | None = None
    total_steps: int
    successful_steps: int
    failed_steps: int
    total_duration_ms: int
    step_duration: Quantiles
    model_time: ModelTime
    retries: int | None
    screenshots: int | None
    screenshot_bytes: int | None
    usage: StatsUsage | None
    cost: Cost | None
    tasks: int | None
    tasks_by_end_reason: Mapping[str, int] | None
    passes: int | None
    fails: int | None
    unclear: int | None
    pass_rate: float | None
    claimed_pass_rate: float | None
    verified_pass_rate: float | None
    verified_passes: int | None
    verified_fails: int | None
    disagreements: int | None
    steps_per_task: float | None
    task_duration: Quantiles | None
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Statistics of a period of days (UTC), by group."""

    since: date
    until: date
    updated_at: datetime | None
    """When the statistics were last updated; `None` if they are read from the tasks."""
    next_update_at: datetime | None
    update_interval_seconds: int | None
    stats: tuple[StatsGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """What several tasks have in common, such as a flaky instruction."""

    kind: str
    instruction: str
    """In lower case; empty for insights that cover all tasks of an owner."""
    owner: str
    found_at: datetime
    tasks: tuple[str, ...]
    """The ids of the tasks on which the insight is based, newest first."""
    tasks_started_at: tuple[datetime, ...]
    steps: tuple[str, ...]
    """The ids of the steps on which the insight is based."""
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The user of the token."""

    owner: str
    admin: bool
    """Whether the user may see the tasks of all owners."""
