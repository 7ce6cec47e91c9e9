"""What the recordings of agents have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from .._default import default_tracker
from .._task_record import EndReason, Status
from .._tracker import Task, Tracker, current_task
from ._wrapping import attribute, message_of, observing, wrap

Agent = TypeVar("Agent")

_RECORDING = "_steptrail_recording"


def task(
    tracked: object,
    /,
    instruction: str | None = None,
    *,
    agent: str | None = None,
    model: str | None = None,
    device_id: str | None = None,
    name: str | None = None,
    experiment: str | None = None,
    case_id: str | None = None,
    repeat: int | None = None,
    attributes: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    previous_task_id: str | None = None,
) -> Task:
    """Starts a task of a tracked agent, like `steptrail.task`, with the agent's model and device.

        agent = track(PhoneAgent(model_config))
        with task(agent, "Turn the volume up", experiment="nightly", case_id="volume") as t:
            agent.run("Turn the volume up")
            t.verdict(phone.volume() == 15, evaluator="volume-check")

    tracked: an agent that `track` of an integration has returned.

    The other parameters are those of `Tracker.task`. Of those that are None, the agent's tracker,
    name, model, device and settings are recorded, as if the agent ran without a block.

    Raises ValueError if the agent is not tracked.
    """
    given = {k: v for k, v in locals().items() if k != "tracked" and v is not None}
    recording = attribute(tracked, _RECORDING)
    if not isinstance(recording, AgentRecording):
        raise ValueError(f"the {type(tracked).__name__} is not tracked (expected an agent)")
    fields = recording.fields()
    if isinstance(metadata, Mapping):
        given["metadata"] = {**fields["metadata"], **metadata}
    return recording.tracker.task(**{**fields, **given})


def untrack(agent: Agent) -> Agent:
    """Stops recording, restores the methods of `agent`, and returns it. Cancels an open task."""
    recording = attribute(agent, _RECORDING)
    if isinstance(recording, AgentRecording):
        delattr(agent, _RECORDING)
        recording.restore()
    return agent


class RunTask:
    """The task of an agent's run: its own, or that of the block in which the agent runs.

    The end of the run ends its own task. The task of a block ends with its block, and the program
    may end it before.
    """

    def __init__(self, task: Task, in_block: bool) -> None:
        self.task = task
        self._in_block = in_block
        self._ended = False
        if in_block:
            task._propose_end(None)  # of an earlier run

    @property
    def is_open(self) -> bool:
        """Whether the run has not ended and its task accepts steps."""
        return self.task.is_open and not self._ended

    def end(self, status: Status, reason: EndReason, message: str | None) -> None:
        """Ends the run. The first end counts."""
        if not self.is_open:
            return
        self._ended = True
        if self._in_block:
            self.task._propose_end((status, reason, message))
        else:
            self.task.end(status, reason, message)


class AgentRecording:
    """The recording of one agent.

    tracker: None for the default tracker at the start of each task.
    metadata: recorded with each task, in addition to the agent's settings.
    """

    framework: ClassVar[str]
    """The name of the framework, recorded as the agent if the tracker has none."""

    methods: ClassVar[tuple[str, ...]]
    """The paths of the methods that an agent must have."""

    _agent: Any

    def __init__(self, tracker: Tracker | None, metadata: Mapping[str, Any] | None) -> None:
        self._tracker = tracker
        self._metadata = dict(metadata or {})
        self._restores: list[Callable[[], None]] = []
        self._last: RunTask | None = None
        """The task of the last run."""

    @property
    def tracker(self) -> Tracker:
        return default_tracker() if self._tracker is None else self._tracker

    def track(self, agent: Agent) -> Agent:
        """Starts recording, unless the agent is tracked already. Returns the agent.

        Raises TypeError if the agent lacks one of `methods`.
        """
        missing = [path for path in self.methods if not callable(attribute(agent, path))]
        if missing:
            kind, names = type(agent).__name__, ", ".join(missing)
            raise TypeError(f"{kind} is not an agent of {self.framework}: it has no {names}")
        if not isinstance(attribute(agent, _RECORDING), AgentRecording):
            self._agent = agent
            try:
                self._wrap_agent(agent)
                setattr(agent, _RECORDING, self)
            except BaseException:
                self.restore()
                raise
        return agent

    def restore(self) -> None:
        """Restores what was wrapped, and cancels the run."""
        for restore in self._restores:
            restore()
        self._end("cancelled", "cancelled", "the agent is no longer tracked")

    def fields(self) -> dict[str, Any]:
        """Returns the arguments of `Tracker.task` for a task of the agent."""
        tracker = self.tracker
        fields = {k: v for k, v in self._describe().items() if v is not None}
        settings = {k: v for k, v in fields.get("metadata", {}).items() if v is not None}
        return {
            "agent": tracker.agent or self.framework,
            **fields,
            "metadata": {**settings, **self._metadata},
        }

    def _start_task(self, instruction: str | None, previous: Task | None = None) -> RunTask:
        """Returns the task of the current block, if it is open; otherwise a new one."""
        block = current_task()
        if block is not None and block.is_open:
            self._last = RunTask(block, in_block=True)
            return self._last
        fields = {**self.fields(), "instruction": instruction}
        if previous is not None:
            fields["previous_task_id"] = previous.id
        self._last = RunTask(self.tracker.task(**fields), in_block=False)
        return self._last

    def _end(self, status: Status, reason: EndReason, message: str | None) -> None:
        """Ends the last run, if it is open."""
        if self._last is not None:
            self._last.end(status, reason, message)

    def _wrap(self, target: Any, name: str, wrapper: Callable[..., Any]) -> None:
        if callable(attribute(target, name)):
            self._restores.append(wrap(target, name, wrapper))

    def _end_after_exception(self, error: BaseException) -> None:
        if isinstance(error, Exception):
            self._end("failed", "ended_without_finish", message_of(error))
        else:  # KeyboardInterrupt, SystemExit or CancelledError
            self._end("cancelled", "cancelled", message_of(error))

    # Implemented for each framework.

    def _wrap_agent(self, agent: Any) -> None:
        raise NotImplementedError

    def _describe(self) -> dict[str, Any]:
        """Returns the agent's model, device and settings, which may be None."""
        raise NotImplementedError


def values_of_result(result: Any, confirmed: bool | None) -> dict[str, Any] | None:
    """Returns the result of an action, and whether a person allowed it; None without a result."""
    if result is None:
        return None
    values = {name: attribute(result, name) for name in ("success", "should_finish", "message")}
    values["confirmed"] = confirmed
    return {name: value for name, value in values.items() if value is not None}


def without_secrets(url: Any) -> str | None:
    """Returns scheme, host, port and path of a URL; its other parts may be secret.

    Returns None if the URL cannot be parsed reliably.
    """
    with observing("the base URL"):
        parts = urlsplit(url if isinstance(url, str) else "")
        if parts.scheme and parts.hostname and "@" not in parts.path:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            port = "" if parts.port is None else f":{parts.port}"
            return f"{parts.scheme}://{host}{port}{parts.path.partition(';')[0]}"
    return None
