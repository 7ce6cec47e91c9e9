"""Records what an Open-AutoGLM PhoneAgent does into a Steptrail outbox.

    from steptrail_open_autoglm import tracked

    agent = tracked(PhoneAgent(model_config, agent_config), outbox="outbox")
    agent.run("Open the camera")

`steptrail ship` delivers the outbox. One file to be copied beside a program; it needs Python 3.10 or later and nothing but its
standard library. The outbox and its records are those of step-format/README.md.

What it guarantees:
- `run` and `step` return and raise what they did. Whatever the agent's objects do when they are read, costs the value that was
  read, or the picture, or at worst the step; it is counted, and never met by the agent. What is no Exception (KeyboardInterrupt,
  SystemExit) passes, as it did.
- They wait for nothing: a bounded queue, and a thread that decodes, redacts and writes.
- What is lost is seen: a step's number is taken even if the step is dropped, and the task's `losses` say why. On a full disk, or
  in a full outbox, the losses and the end of a task still find room. What was queued when the process was killed is seen by the
  task being abandoned.

What it leans on in Open-AutoGLM: `agent.run`, `agent.reset`, `agent._execute_step`, `agent.model_client.request`,
`agent.action_handler.execute` with its callbacks, and `get_device_factory` (or the older `get_screenshot`) in the module of
`_execute_step`. From there, `agent.agent_config`, `agent.model_config`, `agent.step_count`, and the results, of which any part may
be missing.

The sections, from the agent to the disk (a heading `# === ` each):
    THE ONE CALL             tracked
    THE AGENT, WATCHED       Recording: around the agent's own methods, and what becomes of it
    THE STEP, WATCHED        around what a step calls: capture, model, action, a person who is asked
    WHAT IS TOLD OF A STEP   _Seen: as it was seen. _Told: as it is recorded. _Screen: its picture
    READING THE AGENT        _Reader: the agent's values as JSON can hold them, whatever they are
    COUNTING                 _Losses: of one task. _Ledger: of all, and the log
    THE QUEUE                _Task: a task's numbers. _Writer: the queue, and the thread that empties it
    THE OUTBOX               _TaskRecording, _TaskFolder, _StepsFile: files by the writer's rules. _OutboxRoom: its bound
    REDACTION                ScreenshotContext, _Redaction: what must not be kept
    PNG                      as far as it takes to black out rectangles
    SMALL THINGS             times, ids, addresses, locks
"""

import atexit
import base64
import binascii
import collections
import copy
import dataclasses
import datetime
import functools
import json
import logging
import math
import operator
import os
import pathlib
import queue
import secrets
import shutil
import stat
import struct
import sys
import threading
import time
import urllib.parse
import uuid
import weakref
import zlib
from collections.abc import Mapping

__all__ = ["Recording", "ScreenshotContext", "tracked"]

MAX_QUEUED_RECORDS = 10_000
MAX_QUEUED_SCREENSHOT_CHARS = 64 * 1024 * 1024
MAX_OUTBOX_BYTES = 2 * 1024**3
_LEAST_OUTBOX_BYTES = 1024 * 1024
_MAX_RECORD_BYTES = 16 * 1024 * 1024  # no reader takes a longer one
_RESERVED_BYTES = 16 * 1024  # room on the disk for the last losses and the end of a task
_BETWEEN_ATTEMPTS_SECONDS = 1.0
_BETWEEN_LOSSES_SECONDS = 5.0  # while steps are dropped one after the other
_EXIT_PATIENCE_SECONDS = 10.0
_MAX_DEPTH = 100  # the step format allows 200 objects and arrays inside each other
_MAX_VALUES = 100_000  # of a record: lists that hold each other twice would double at each level
_MAX_REDACTED_PIXELS = 16_000_000

_log = logging.getLogger("steptrail")
_this_thread = threading.local()  # .step: the _Seen that an agent takes on this thread


# === THE ONE CALL


def tracked(
    agent,
    outbox,
    *,
    after_frames=False,
    metadata=None,
    max_outbox_bytes=MAX_OUTBOX_BYTES,
    redact_text=None,
    redact_screenshot=None,
):
    """Returns `agent` itself, which from now on records each task that it runs.

    What `run` and `step` return or raise stays as it is, and they wait for nothing: steps go through a queue to a thread that
    writes them. What cannot be recorded is counted in the task's `losses` and logged once by the logger `steptrail`.

    agent: a phone_agent.PhoneAgent or an object of a subclass.
    outbox: the folder to record into, made if absent; several agents may share it.
    after_frames: also keep the screen after each action. It is one more capture on the phone, for which the agent waits.
    metadata: a dict of whatever else is worth keeping with each task.
    max_outbox_bytes: how much the outbox may hold with all that others wrote into it, 1 MiB or more, 2 GiB by default. Beyond
        that screenshots are dropped first, then steps, counted as `outbox_full`; starts, losses and ends are always written.
    redact_text: called with each text before it is written, gives what of it may be kept, None for nothing. The texts are
        thinking, error messages, the strings in actions, their results and metadata (not their keys), a task's description
        and its last message. A field on which it raises is left out, named in the record's `withheld_fields` and counted.
    redact_screenshot: rectangles (x, y, width, height) in pixels from the upper left corner to black out in each screenshot;
        or a callable, called with its PNG as bytes and a ScreenshotContext, which gives such rectangles, another PNG as bytes
        to be kept in its place, or None to keep nothing, counted as `withheld`. A screenshot on which it raises, or in which
        rectangles cannot be blacked out, is not kept, and counted as `redaction_failed`.

    The redactors are called on the writer's thread, which waits for them; slow ones make the queue grow, not the agent wait.

    `agent.steptrail` is the Recording. Raises TypeError for an agent that cannot be tracked or a redactor that is none,
    ValueError for an agent that is tracked already or a bound below 1 MiB, and OSError if the outbox cannot be made.
    """
    missing = [name for name in _LEANS_ON if not callable(_attribute(agent, name))]
    if missing:
        raise TypeError(f"{type(agent).__name__} is no Open-AutoGLM PhoneAgent: it has no {', '.join(missing)}")
    if isinstance(getattr(agent, "steptrail", None), Recording):
        raise ValueError("this agent is tracked already")
    if max_outbox_bytes < _LEAST_OUTBOX_BYTES:
        raise ValueError(f"max_outbox_bytes must be {_LEAST_OUTBOX_BYTES} (1 MiB) or more, but is {max_outbox_bytes}")
    redaction = _Redaction(redact_text, redact_screenshot)
    metadata = dict(metadata or {})
    outbox = pathlib.Path(outbox).absolute()  # the program may change its directory in the midst of a task
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    writer = _Writer(outbox, max_outbox_bytes, redaction)
    agent.steptrail = Recording(agent, writer, after_frames, metadata)
    weakref.finalize(agent, writer.close, "the agent was discarded before the task ended").atexit = False
    return agent


_LEANS_ON = ("run", "reset", "_execute_step", "model_client.request", "action_handler.execute")


def _attribute(target, path):
    for name in path.split("."):
        target = getattr(target, name, None)
    return target


# === THE AGENT, WATCHED


def _never_raises(method):
    """For what runs on the agent's thread: a failure of ours is logged, and the agent goes on."""

    @functools.wraps(method)
    def guarded(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except Exception as e:
            self._writer.ledger.failed("invalid", e)
            return None

    return guarded


class Recording:
    """What is recorded of one agent. Its methods may be called from any thread."""

    def __init__(self, agent, writer, after_frames, metadata):
        self._agent = weakref.ref(agent)
        self._writer = writer
        self._after_frames = after_frames
        self._metadata = metadata
        self._watch(agent)

    @property
    def task_id(self):
        """The id of the task that is being recorded, or else of the last one; None before the first."""
        task = self._writer.open_task or self._writer.last_task
        return task.task_id if task else None

    def flush(self, timeout=10.0):
        """Waits until what was recorded before is in the outbox or counted; False if that took longer than `timeout` seconds."""
        return self._writer.flush(timeout)

    def stats(self):
        """A dict: `written` steps; `dropped_steps` and `dropped_screenshots` by reason; `lost_ends` of tasks; `withheld_texts`,
        fields that redact_text failed on; `unreadable_values` of the agent; `last_error` as text or None."""
        return self._writer.ledger.stats()

    def _reader(self):
        return _Reader(self._writer.ledger)

    # Around the agent's methods. Each calls the agent's own exactly as it was called.

    def _watch(self, agent):
        for name, around in (("run", self._run), ("reset", self._reset), ("_execute_step", self._execute_step)):
            setattr(agent, name, _around(getattr(agent, name), around))
        _watch_once(agent.model_client, "request", _request)
        _watch_once(agent.action_handler, "execute", _execute)
        for name in ("takeover_callback", "confirmation_callback"):
            if callable(getattr(agent.action_handler, name, None)):
                _watch_once(agent.action_handler, name, functools.partial(_ask, name))
        for owner in type(agent).__mro__:
            method = owner.__dict__.get("_execute_step")
            _watch_screens(getattr(method, "__globals__", {}))

    def _run(self, run, *args, **kwargs):
        try:
            result = run(*args, **kwargs)
        except BaseException as e:
            self._broke_off(e)
            raise
        self._returned(result)
        return result

    def _reset(self, reset, *args, **kwargs):
        self._end("cancelled", "cancelled", "the agent was reset")
        return reset(*args, **kwargs)

    def _execute_step(self, execute_step, *args, **kwargs):
        step = _Seen(self._reader())
        self._step_begins(step, *args, **kwargs)
        outer = getattr(_this_thread, "step", None)
        _this_thread.step = step
        try:
            result = execute_step(*args, **kwargs)
        except BaseException as e:
            step.failed(e)
            self._record(step, None, None)
            raise
        finally:
            _this_thread.step = outer
        self._step_ends(step, result)
        return result

    # What becomes of it.

    @_never_raises
    def _step_begins(self, step, user_prompt=None, is_first=False, *_, **__):
        reader = self._reader()
        is_first = reader.flag(is_first)
        if is_first:
            self._end("cancelled", "cancelled", "the agent began another task")
        if self._writer.open_task is None:
            # A step after the end without a reset goes on with the same conversation.
            before = None if is_first else self._writer.last_task
            self._begin(reader, reader.text(user_prompt) or (before.description if before else None), before)
        step.task = self._writer.open_task

    def _begin(self, reader, description, before):
        get = reader.get
        config, model = get(self._agent(), "agent_config"), get(self._agent(), "model_config")
        metadata = {
            "max_steps": get(config, "max_steps", _UNREADABLE),
            "lang": get(config, "lang", _UNREADABLE),
            "base_url": reader.read(lambda: _without_secrets(get(model, "base_url"))),
        }
        metadata = {name: reader.plain(value) for name, value in metadata.items() if value is not None}
        task = _Task(description)
        started = task.record(
            "task_started",
            description=description,
            agent="Open-AutoGLM",
            model=reader.text(get(model, "model_name", _UNREADABLE)),
            device_id=reader.text(get(config, "device_id", _UNREADABLE)),
            continues=before.task_id if before else None,
            metadata={**metadata, **reader.mapping(self._metadata)},
        )
        self._writer.begin(task, started)

    @_never_raises
    def _step_ends(self, step, result):
        finished = step.reader.flag(step.reader.get(result, "finished"))
        after = None
        try:
            if self._after_frames and not finished and step.look is not None:
                after = self._look_again(step)
        finally:
            told = self._record(step, result, after)
        if finished and told is not None:
            self._end(*told.ending(), told.message)

    @_never_raises
    def _record(self, step, result, after):
        """Gives what is told of the step, or None if nothing could be."""
        told, fields, error = None, None, None
        try:
            told = _Told(step, result, step.reader)
            fields = told.fields()
        except Exception as e:  # its number is taken all the same: it is a loss that is seen
            error = e
        frames = [(role, screen) for role, screen in (("before", step.screen), ("after", after)) if screen is not None]
        self._writer.record(step.task, fields, frames, error)
        return told

    def _look_again(self, step):
        """Captures the screen by the same call, with the same arguments, as the agent did: they differ by platform."""
        try:
            return _Screen.of(step.look(), step.reader)
        except Exception as e:
            return _Screen.none("not_captured", e)

    @_never_raises
    def _returned(self, result):
        if self._writer.open_task is not None:  # else its last step ended it
            reader, agent = self._reader(), self._agent()
            steps = reader.plain(reader.get(agent, "step_count"))
            most = reader.plain(reader.get(reader.get(agent, "agent_config"), "max_steps"))
            reached = isinstance(steps, int) and isinstance(most, (int, float)) and steps >= most
            ending = "max_steps" if reached else "ended_without_finish"
            self._end("failed", ending, result if issubclass(type(result), str) else None)

    @_never_raises
    def _broke_off(self, error):
        if isinstance(error, Exception):
            self._end("failed", "ended_without_finish", _reason(error))
        else:  # KeyboardInterrupt, SystemExit: somebody stopped it
            self._end("cancelled", "cancelled", _reason(error))

    @_never_raises
    def _end(self, status, ending, message=None):
        if self._writer.open_task is not None:
            self._writer.end(status, ending, self._reader().text(message))


def _around(method, around):
    @functools.wraps(method)
    def call(*args, **kwargs):
        return around(method, *args, **kwargs)

    call.steptrail = True
    return call


def _watch_once(target, name, around):
    """A model client or a handler that several agents share is watched once: the thread tells whose step it is."""
    method = getattr(target, name)
    if not getattr(method, "steptrail", False):
        setattr(target, name, _around(method, around))


def _watch_screens(module):
    """`module`: the globals in which an `_execute_step` looks up how to capture the screen."""
    for name, around in (("get_device_factory", _device_factory), ("get_screenshot", _get_screenshot)):
        function = module.get(name)
        if callable(function) and not getattr(function, "steptrail", False):
            module[name] = _around(function, around)


# === THE STEP, WATCHED
# Around what a step calls. Outside of a tracked step, each is the call alone.


def _step_of_this_thread():
    return getattr(_this_thread, "step", None)


def _device_factory(get_device_factory, *args, **kwargs):
    factory = get_device_factory(*args, **kwargs)
    return factory if _step_of_this_thread() is None else _WatchedFactory(factory)


class _WatchedFactory:
    """The agent's device factory, whose captures its step sees too."""

    def __init__(self, factory):
        self._factory = factory

    def __getattr__(self, name):
        return getattr(self._factory, name)

    def get_screenshot(self, *args, **kwargs):
        return _get_screenshot(self._factory.get_screenshot, *args, **kwargs)


def _get_screenshot(get_screenshot, *args, **kwargs):
    step = _step_of_this_thread()
    if step is None:
        return get_screenshot(*args, **kwargs)
    with step.timing("screenshot_ms"):
        screenshot = get_screenshot(*args, **kwargs)
    step.look = functools.partial(get_screenshot, *args, **kwargs)
    step.screen = _Screen.of(screenshot, step.reader)
    return screenshot


def _request(request, *args, **kwargs):
    step = _step_of_this_thread()
    if step is None:
        return request(*args, **kwargs)
    with step.timing("model_ms"):
        try:
            step.response = request(*args, **kwargs)
        except BaseException as e:
            step.model_failed = True
            step.failed(e)
            raise
    return step.response


def _execute(execute, *args, **kwargs):
    step = _step_of_this_thread()
    if step is None:
        return execute(*args, **kwargs)
    if step.action is None:
        step.action = args[0] if args else kwargs.get("action")
    with step.timing("action_ms", first=True):
        try:
            result = execute(*args, **kwargs)
        except BaseException as e:
            step.failed(e)
            raise
    if step.error is None:  # else it is the `finish` that the agent executes in place of what raised
        step.result = result
    return result


def _ask(name, callback, *args, **kwargs):
    """A person is asked: how long that took, and whether a sensitive action was allowed."""
    step = _step_of_this_thread()
    if step is None:
        return callback(*args, **kwargs)
    asked_to_take_over = name == "takeover_callback"
    with step.timing("take_over_ms" if asked_to_take_over else "confirmation_ms"):
        answer = callback(*args, **kwargs)
    if not asked_to_take_over:
        step.confirmed = step.reader.flag(answer, None)
    return answer


# === WHAT IS TOLD OF A STEP


class _Seen:
    """What was seen of one step while the agent took it: the agent's own objects, not yet read."""

    def __init__(self, reader):
        self.reader = reader
        self.task = None
        self.began = time.monotonic()
        self.timings = {}
        self.look = self.screen = self.response = self.action = self.result = self.confirmed = None
        self.error = None  # as text: an exception would keep alive what the step held
        self.model_failed = False

    def failed(self, error):
        """Something raised. When the whole step does, it is by what raised in it, of which is told."""
        self.error = self.error or _reason(error)

    def timing(self, name, first=False):
        return _Timing(self.timings, name, first)


class _Timing:
    """With it, the milliseconds that the block took; of several the last, or the `first`."""

    def __init__(self, timings, name, first):
        self._timings, self._name, self._first = timings, name, first

    def __enter__(self):
        self._began = time.monotonic()

    def __exit__(self, *_):
        if not (self._first and self._name in self._timings):
            self._timings[self._name] = _since(self._began)


class _Told:
    """What is told of a step, in plain values: from what was seen of it, and from the agent's `result`."""

    def __init__(self, seen, result, reader):
        self._seen, self._result, self._reader = seen, result, reader
        get, text = reader.get, reader.text
        action = get(result, "action")
        self.action = reader.mapping(seen.action if action is None else action)
        self.thinking = text(get(result, "thinking")) or text(get(seen.response, "thinking")) or None
        self.message = text(get(result, "message"))
        self._is_finish = self.action is not None and self.action.get("_metadata") == "finish"
        # The agent makes a reply that it cannot parse a `finish` with the whole reply as its message.
        reply = text(get(seen.response, "action"))
        self._unparseable = self._is_finish and reply is not None and self.action.get("message") == reply

    def fields(self):
        success, error_message = self._outcome()
        return {
            "timestamp": _now(),
            "step_type": self._step_type(),
            "thinking": self.thinking,
            "action": self.action,
            "action_result": self._action_result(),
            "duration_ms": _since(self._seen.began),
            "success": success,
            "error_message": error_message,
            "timings": {**self._seen.timings, **self._model_timings()},
        }

    def ending(self):
        """Status and ending of a task of which this was the last step."""
        if self._seen.model_failed:
            return "failed", "model_error"
        if self._unparseable:
            return "failed", "unparseable_reply"
        if self._seen.confirmed is False:
            return "cancelled", "cancelled"
        if self._seen.error is None and self._is_finish:
            return "succeeded", "finished"
        return "failed", "ended_without_finish"

    def _step_type(self):
        if self.action is None or self._unparseable:
            return "error"
        return "completion" if self._is_finish else "action"

    def _outcome(self):
        if self._seen.error is not None:
            return False, self._seen.error
        if self._unparseable:
            return False, "the model's reply is no action: it could not be parsed"
        judged = self._result if self._seen.result is None else self._seen.result
        success = self._reader.flag(self._reader.get(judged, "success"))
        return success, None if success else self._reader.text(self._reader.get(judged, "message")) or "no reason was given"

    def _action_result(self):
        result = self._seen.result
        if result is None:
            return None
        told = {name: self._reader.flag(self._reader.get(result, name)) for name in ("success", "should_finish")}
        message = self._reader.text(self._reader.get(result, "message"))
        if message is not None:
            told["message"] = message
        if self._seen.confirmed is not None:
            told["confirmed"] = self._seen.confirmed
        return told

    def _model_timings(self):
        """The model client's own measurements, in seconds, are nearer to the model than ours around it."""
        told = {}
        for name, field in (
            ("time_to_first_token", "time_to_first_token_ms"),
            ("time_to_thinking_end", "time_to_thinking_end_ms"),
            ("total_time", "model_ms"),
        ):
            seconds = self._reader.plain(self._reader.get(self._seen.response, name))
            if isinstance(seconds, (int, float)) and abs(seconds) < 1e9:
                told[field] = round(seconds * 1000)
        return told


class _Screen:
    """A capture, still in base64: to decode it is the writer's work. Or why there is none."""

    def __init__(self, base64_data, sensitive, problem=None):
        self.base64_data = base64_data
        self.sensitive = sensitive
        self.captured_at = _now()
        self._problem = problem

    @staticmethod
    def of(screenshot, reader):
        # One of which it cannot be told whether it is sensitive counts as sensitive.
        sensitive = reader.flag(reader.get(screenshot, "is_sensitive", True), True)
        data = reader.get(screenshot, "base64_data")
        if issubclass(type(data), str):
            return _Screen(str.__str__(data), sensitive)
        return _Screen(b"", sensitive, _NoPicture("not_an_image", "the screenshot is not base64"))

    @staticmethod
    def none(reason, error):
        return _Screen(b"", False, _NoPicture(reason, _described(error)))

    def png(self):
        """Raises _NoPicture."""
        if self._problem is not None:
            raise self._problem
        try:
            data = base64.b64decode(self.base64_data)
        except (binascii.Error, TypeError, ValueError):
            raise _NoPicture("not_an_image", "the screenshot is not base64") from None
        if not _is_png(data):
            raise _NoPicture("not_an_image", "the screenshot is no PNG")
        return data


class _NoPicture(Exception):
    """Why there is none: `reason` is what it is counted as."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


# === READING THE AGENT

_UNREADABLE = "(unreadable)"
_CUT = "…"


class _Reader:
    """The agent's values, as JSON can hold them, and copied: the agent may change its own afterwards. One for each record, of
    which too many values are cut.

    Any of them may raise when it is read, compared or made a text. Then `_UNREADABLE` or a default takes its place, alone, and it
    is counted. What is no Exception stops the program, and passes.
    """

    def __init__(self, ledger):
        self._ledger = ledger
        self._left = _MAX_VALUES

    def read(self, reading, otherwise=None):
        try:
            return reading()
        except Exception as e:
            self._ledger.unreadable(e)
            return otherwise

    def get(self, target, name, otherwise=None):
        """None for what is absent."""
        return self.read(lambda: getattr(target, name, None), otherwise)

    def flag(self, value, otherwise=False):
        return self.read(lambda: bool(value), otherwise)

    def text(self, value):
        plain = self.plain(value)
        return plain if plain is None or isinstance(plain, str) else str(plain)

    def mapping(self, value):
        plain = self.plain(value)
        return plain if plain is None or isinstance(plain, dict) else {"x_value": plain}

    def plain(self, value, depth=0):
        return self.read(lambda: self._plain(value, depth), _UNREADABLE)

    def _plain(self, value, depth):
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return int(value) if int.bit_length(value) <= 1024 else hex(value)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else repr(value)
        if isinstance(value, (Mapping, list, tuple, set, frozenset)):
            if depth >= _MAX_DEPTH:
                return _CUT
            if isinstance(value, Mapping):
                return {self._key(key): self.plain(held, depth + 1) for key, held in self._first(value.items(), (_CUT, _CUT))}
            return [self.plain(held, depth + 1) for held in self._first(value, _CUT)]
        return str.__str__(repr(value))

    def _first(self, values, cut):
        """As many as may still be read, and `cut` for the rest."""
        for value in values:
            if self._left <= 0:
                yield cut
                return
            self._left -= 1
            yield value

    def _key(self, key):
        return str.__str__(key) if isinstance(key, str) else self.read(lambda: str.__str__(repr(key)), _UNREADABLE)


def _reason(error):
    """What it says, or else its type."""
    try:
        return str.__str__(str(error)) or type(error).__name__
    except Exception:
        return type(error).__name__


# === COUNTING


class _Losses:
    """Running totals of what was dropped, by reason; of a task, or of all. Thread-safe."""

    def __init__(self, whole=None):
        self._whole = whole
        self._lock = threading.RLock()  # here and below: one that the garbage collector may interrupt with our own `close`
        self._counts = {"dropped_steps": collections.Counter(), "dropped_screenshots": collections.Counter()}

    def add(self, kind, reason, count=1):
        with self._lock:
            self._counts[kind][reason] += count
        if self._whole is not None:
            self._whole.add(kind, reason, count)

    def by_kind(self):
        with self._lock:
            return {kind: dict(counts) for kind, counts in self._counts.items()}


class _Ledger:
    """What became of all that was recorded, and what the log is told of it. Thread-safe."""

    def __init__(self):
        self.losses = _Losses()
        self._lock = threading.RLock()
        self._counts = collections.Counter()
        self._last_error = None
        self._told = set()
        self._untold = collections.deque()

    def count(self, name, count=1):
        with self._lock:
            self._counts[name] += count

    def unreadable(self, error):
        self.count("unreadable_values")
        self.failed("unreadable", error)

    def lost(self, task, kind, reason, error=None, count=1):
        """`task`: None if it is not known of which."""
        (self.losses if task is None else task.losses).add(kind, reason, count)
        self.failed(reason, error)

    def failed(self, reason, error=None):
        """To be told once: an agent that steps on must not fill the log."""
        with self._lock:
            if error is not None:
                self._last_error = _described(error)
            if reason not in self._told:
                self._told.add(reason)
                self._untold.append(f"steptrail cannot record everything ({reason})" + (f": {_described(error)}" if error else ""))

    def tell(self):
        """On the writer's thread: what takes the log may be slow, or raise."""
        while self._untold:
            _log.warning("%s", self._untold.popleft())

    def stats(self):
        with self._lock:
            counts = {name: self._counts[name] for name in ("written", "lost_ends", "withheld_texts", "unreadable_values")}
            return {**counts, **self.losses.by_kind(), "last_error": self._last_error}


def _described(error):
    """Of what comes from the agent or its redactors only the type: its text may quote what must not stand in a log."""
    if isinstance(error, (_NoPicture, _OutboxFull, _Refused)):
        return _reason(error)
    kind = type(error).__name__
    return f"{kind}: {_reason(error)}" if isinstance(error, OSError) else kind


class _Refused(Exception):
    """Something of ours cannot be recorded; says why, without content."""


# === THE QUEUE


class _Task:
    """A task's names, numbers and losses. Its numbers are taken under the writer's lock."""

    def __init__(self, description):
        self.task_id = _uuid7()
        self.description = description
        self.last_number = 0
        self.ended = False
        self.losses = None  # once a writer has it

    def record(self, kind, timestamp=None, **fields):
        """`fields`: plain values; None is absent."""
        record = {"v": 1, "record": kind, "task_id": self.task_id, "timestamp": timestamp or _now()}
        record.update((name, value) for name, value in fields.items() if value is not None)
        return record


class _Writer:
    """The queue and the thread that empties it. What is put in never waits and never raises."""

    def __init__(self, outbox, max_outbox_bytes, redaction):
        self._outbox, self._max_outbox_bytes, self._redaction = outbox, max_outbox_bytes, redaction
        self.open_task = self.last_task = None
        self.be_new()
        _writers.add(self)

    def be_new(self):
        """In a forked process too: what other threads were in the midst of stays so for ever, locks among it. What was queued, and
        the task that was open, are its parent's to write."""
        if self.open_task is not None:
            self.open_task.ended = True
            self.last_task, self.open_task = self.open_task, None
        self.ledger = _Ledger()
        room = _OutboxRoom(self._outbox, self._max_outbox_bytes)
        self._make_recording = functools.partial(_TaskRecording, self._outbox, room, self._redaction, self.ledger)
        self._queue = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._queued_records = self._queued_chars = 0
        self._recording = self._unwritten_end = None
        self.thread = None

    def _start(self):
        """Not before there is something to write: most forked processes record nothing."""
        with self._lock:
            if self.thread is None:
                thread = threading.Thread(target=self._work, name="steptrail-writer", daemon=True)
                thread.start()
                self.thread = thread
                _end_writers_with_process(os.getpid())

    def begin(self, task, started):
        self._start()
        task.losses = _Losses(self.ledger.losses)
        self.open_task = task
        self._queue.put(functools.partial(self._write_start, task, started))

    def record(self, task, fields, frames, error):
        """Takes the step's number and its place in the queue at once. `fields`: None for a step that is lost by `error`."""
        chars = sum(len(screen.base64_data) for _, screen in frames)
        with self._lock:
            if task is None or task.ended:
                return self.ledger.lost(None, "dropped_steps", "no_task")
            task.last_number += 1
            if fields is None:
                return self.ledger.lost(task, "dropped_steps", "invalid", error)
            if self._queued_records >= MAX_QUEUED_RECORDS:
                return self.ledger.lost(task, "dropped_steps", "queue_full")
            if frames and self._queued_chars + chars > MAX_QUEUED_SCREENSHOT_CHARS:
                self.ledger.lost(task, "dropped_screenshots", "frame_queue_full", count=len(frames))
                frames, chars = [], 0
            self._queued_records += 1
            self._queued_chars += chars
            record = task.record("step", step_number=task.last_number, **fields)
            self._queue.put(functools.partial(self._write_step, task, record, frames, chars))

    def end(self, status, ending, message):
        with self._lock:
            task, self.open_task = self.open_task, None
            task.ended = True
            self.last_task = task
            ended = {"status": status, "ending": ending, "message": message, "last_step_number": task.last_number}
            self._queue.put(functools.partial(self._write_end, task, task.record("task_ended", **ended)))

    def flush(self, timeout):
        if self.thread is None:
            return True
        done = threading.Event()
        self._queue.put(functools.partial(self._flush, done))
        return done.wait(timeout)

    def close(self, message):
        """Writes what is queued and ends the thread, which this does not wait for."""
        if self.open_task is not None:
            self.end("abandoned", "abandoned", message)
        self._queue.put(None)
        if self.thread is None:
            _writers.discard(self)

    # On the writer's thread.

    def _work(self):
        while (event := self._next_event()) is not None:
            self._attempt(event)
        self._attempt(self._leave_task)
        _writers.discard(self)

    def _next_event(self):
        """None at the end of all."""
        try:
            return self._queue.get(timeout=None if self._unwritten_end is None else _BETWEEN_ATTEMPTS_SECONDS)
        except queue.Empty:
            return self._try_end

    def _attempt(self, event):
        try:
            event()
            self.ledger.tell()
        except BaseException as e:  # one event must not end the thread that all others need
            self.ledger.failed("invalid", e)

    def _flush(self, done):
        if self._unwritten_end is not None:
            self._try_end()
        done.set()

    def _write_start(self, task, started):
        self._leave_task()
        self._recording = self._make_recording(task, started)
        try:
            self._recording.start()
        except Exception as e:  # tried again with each step
            self.ledger.failed(_loss_by(e), e)

    def _write_step(self, task, record, frames, chars):
        recording = self._recording if self._recording is not None and self._recording.task is task else None
        try:
            if recording is None:
                raise _Refused("its task could not be begun")
            recording.add(record, frames)
            self.ledger.count("written")
            dropped = False
        except BaseException as e:
            self.ledger.lost(task, "dropped_steps", _loss_by(e), e)
            dropped = True
        finally:
            with self._lock:
                self._queued_records -= 1
                self._queued_chars -= chars
        if recording is not None:
            recording.tell_losses(dropped)

    def _write_end(self, task, ended):
        if self._recording is not None and self._recording.task is task:
            self._recording.redact(ended)
            self._unwritten_end = ended
            self._try_end()

    def _try_end(self):
        """An end that cannot be written is tried again while nothing else is to be done: without it a task seems abandoned."""
        try:
            self._recording.end(self._unwritten_end)
        except Exception as e:
            self.ledger.failed(_loss_by(e), e)
        else:
            self._unwritten_end = None
            self._leave_task()

    def _leave_task(self):
        """The last chance of an end that could not be written so far."""
        if self._unwritten_end is not None:
            self._try_end()
        if self._unwritten_end is not None:
            self._unwritten_end = None
            self.ledger.count("lost_ends")
            self.ledger.failed("lost_end", _Refused("a task will seem abandoned, what was lost of it unsaid"))
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.close()


def _loss_by(error):
    if isinstance(error, _OutboxFull):
        return "outbox_full"
    return "outbox_unwritable" if isinstance(error, OSError) else "invalid"


_writers = set()


@atexit.register
def _process_ends():
    patience = time.monotonic() + _EXIT_PATIENCE_SECONDS
    writers = list(_writers)
    for writer in writers:
        writer.close("the process ended before the task did")
    for writer in writers:
        if writer.thread is not None:
            writer.thread.join(max(0.0, patience - time.monotonic()))


@functools.lru_cache(maxsize=1)
def _end_writers_with_process(_):
    """Once in each: one that multiprocessing forked ends without atexit, and begins without what was registered before."""
    multiprocessing = sys.modules.get("multiprocessing.util")
    if multiprocessing is not None:
        multiprocessing.Finalize(None, _process_ends, exitpriority=0)


def _process_was_forked():
    # A step that is being taken is the parent's, and so is the lock by which it counts.
    _this_thread.step = None
    for writer in list(_writers):
        writer.be_new()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_process_was_forked)


# === THE OUTBOX
# By the writer's rules of step-format/README.md. Used by the writer's thread alone.


class _TaskRecording:
    """A task on its way into the outbox. Its folder is made when it is first written to, again and again while that fails, and
    anew if somebody removed it."""

    def __init__(self, outbox, room, redaction, ledger, task, started):
        self.task = task
        self._outbox = outbox
        self._room = room
        self._redaction = redaction
        self._ledger = ledger
        self._folder = None
        self._started = started
        self.redact(started)
        self._start_told = False
        self._losses_told = None
        self._dropping, self._losses_tried_at = False, 0.0

    def start(self):
        self._open()

    def add(self, record, frames):
        self._room.require_for_step(0)
        shown = [(role, screen, ScreenshotContext.of(record, role, screen)) for role, screen in frames]
        self.redact(record)
        line = _line(record)
        self._room.require_for_step(len(line))  # before its pictures are redacted, which may take a while
        self._open()
        stored = [frame for picture in shown if (frame := self._store(*picture))]
        try:
            if stored:
                line = _line({**record, "frames": stored})
                self._room.require_for_step(len(line))
            self._append(line)
        except BaseException:
            for frame in stored:  # nobody would ship them, and they take room
                self._room.added(-self._folder.remove_frame(frame["file"]))
            raise

    def tell_losses(self, dropped):
        """Behind each step, `dropped` or not: a process that is killed tells no more. But while one after the other is dropped only
        now and then, for it takes of the room that is kept for the end."""
        now = time.monotonic()
        if dropped and self._dropping and now - self._losses_tried_at < _BETWEEN_LOSSES_SECONDS:
            return
        self._dropping, self._losses_tried_at = dropped, now
        try:
            self._tell_losses()
        except Exception as e:
            self._ledger.failed(_loss_by(e), e)

    def end(self, record):
        self._open()
        self._folder.use_reserve()
        self._tell_losses()
        self._append(_shortened_line(record))

    def redact(self, record):
        error = self._redaction.texts(record)
        if error is not None:
            self._ledger.count("withheld_texts", len(record["withheld_fields"]))
            self._ledger.failed("redaction_failed", error)

    def close(self):
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.close()

    def _open(self):
        if self._folder is not None and not self._folder.is_there():
            self.close()
        if self._folder is None:
            self._folder = _TaskFolder.make(self._outbox, self.task.task_id)
            self._start_told, self._losses_told = False, None
        if not self._start_told:
            self._append(_shortened_line(self._started))
            self._start_told = True

    def _store(self, role, screen, context):
        """The frame as the record names it, or None for a picture that was lost."""
        try:
            png, regions = self._redaction.screenshot(screen.png(), context)
            self._room.require_for_picture(len(png))
            file = self._folder.write_frame(f"{context.step_number}-{role}.png", png)
        except Exception as e:
            self._ledger.lost(self.task, "dropped_screenshots", getattr(e, "reason", None) or _loss_by(e), e)
            return None
        self._room.added(len(png))
        width, height = struct.unpack(">II", png[16:24])
        return {
            "role": role,
            "file": file,
            **({"width": width, "height": height} if width and height else {}),
            "sensitive": screen.sensitive,
            **({"redacted_regions": regions} if regions else {}),
            "captured_at": screen.captured_at,
        }

    def _tell_losses(self):
        """Writes the running totals when they have changed since they were last written."""
        losses = self.task.losses.by_kind()
        if any(losses.values()) and losses != self._losses_told:
            self._open()
            self._append(_line(self.task.record("losses", **{kind: counts for kind, counts in losses.items() if counts})))
            self._losses_told = losses

    def _append(self, line):
        self._room.added(self._folder.steps.append(line))


class _TaskFolder:
    """The one writer of a task's folder."""

    def __init__(self, path):
        self._path = path
        self._frames = path / "frames"
        self._reserve = path / "reserve"
        self._lock = self.steps = None

    @staticmethod
    def make(outbox, name):
        """Makes the folder and all in it, or leaves nothing of it, so that it can be tried again."""
        folder = _TaskFolder(outbox / name)
        try:
            folder._path.mkdir(mode=0o700)
        except FileNotFoundError:  # somebody removed the outbox
            outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder._path.mkdir(mode=0o700)
        try:
            folder._fill()
        except BaseException:
            folder.close()
            shutil.rmtree(folder._path, ignore_errors=True)
            raise
        return folder

    def _fill(self):
        self._lock = _opened(self._path / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_EXCL)
        _lock_exclusively(self._lock)
        self._frames.mkdir(mode=0o700)
        _write_file(self._reserve, os.urandom(_RESERVED_BYTES))  # a file system that compresses stores zeros as a hole
        self.steps = _StepsFile(self._path / "steps.jsonl")

    def is_there(self):
        """False if somebody removed it. Raises FileNotFoundError if steps.jsonl alone is away."""
        if self.steps.is_there():
            return True
        if self._path.exists():
            raise FileNotFoundError(f"{self._path / 'steps.jsonl'} is away, though its folder is there")
        return False

    def use_reserve(self):
        """Gives the room free that was kept on the disk for the end of the task, which comes now."""
        self._reserve.unlink(missing_ok=True)

    def write_frame(self, name, png):
        """As the record must name it; without that nobody ships it. If this raises, nothing of it is left."""
        file = self._frames / name
        unfinished = file.with_name(name + ".tmp")
        try:
            _write_file(unfinished, png)
            os.replace(unfinished, file)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        return "frames/" + name

    def remove_frame(self, name):
        """Gives the bytes that it had."""
        try:
            size = (self._path / name).stat().st_size
            (self._path / name).unlink()
            return size
        except OSError:  # it takes room until the folder goes, and the room is looked at again
            return 0

    def close(self):
        try:
            self.use_reserve()
        except OSError:  # the folder is gone, or cannot be reached; then so is what it kept
            pass
        for held in (self.steps, self._lock):
            if held is not None:
                held.close() if held is self.steps else os.close(held)
        self.steps = self._lock = None


class _StepsFile:
    """`steps.jsonl` as its one writer has it: whole lines, one behind the other."""

    def __init__(self, path):
        self._path = path
        self._file = _opened(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
        self._end = 0  # what of it is to stay, whatever fails
        self._torn = False  # whether what is there may end within a line

    def is_there(self):
        """Whether something has its name. Lines are appended to that, even if an editor saved another file."""
        try:
            found = os.stat(self._path, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return False
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{self._path} is a link, a folder or a device: a file must be there")
        if not os.path.samestat(found, os.fstat(self._file)):
            other = _opened(self._path, os.O_WRONLY | os.O_APPEND)
            os.close(self._file)
            self._file, self._end = other, found.st_size
            self._torn = self._end > 0
        return True

    def append(self, line):
        """Gives how many bytes that took. If it raises, nothing but this line is lost: what was written of it is taken back, for it
        takes room; where that cannot be, the next line begins with a line feed."""
        data = memoryview((b"\n" if self._torn else b"") + line)
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
        except BaseException:
            self._take_back(written)
            raise
        self._end += written
        self._torn = False
        return written

    def _take_back(self, written):
        if self._torn and written:
            self._end += 1  # the line feed stays: a reader may have gone by it
            self._torn = False
        try:
            os.ftruncate(self._file, self._end)
        except OSError:
            self._torn = True
            self._end = os.fstat(self._file).st_size  # else what is taken back next would take a part of the line before it

    def close(self):
        os.close(self._file)


class _OutboxFull(OSError):
    """What an outbox may hold is reached. It takes more once a shipper has delivered some of it."""


class _OutboxRoom:
    """How much an outbox may still take: pictures first reach their bound, then steps, and the rest is for what tells of the losses
    and of the ends of tasks, which is never refused.

    Counts the writer's own bytes as they come, and looks now and then what the folder holds: other writers add to it, and a shipper
    takes away. So several writers together may go beyond the bound by what they write within ten seconds.
    """

    _OFTEN_SECONDS, _SELDOM_SECONDS = 1.0, 10.0  # while something is refused, and otherwise
    _SHARE_OF_TIME = 50  # to look takes no more of the time than one part in so many

    def __init__(self, folder, max_bytes):
        self._folder = folder
        self._max_bytes = max_bytes
        self._picture_bound = max_bytes - min(max_bytes // 8, 64 * 1024 * 1024)
        self._step_bound = max_bytes - min(max_bytes // 64, 1024 * 1024)
        self._used = self._took = 0
        self._looked_at = None
        self._refused = False

    def added(self, size):
        self._used += size

    def require_for_picture(self, size):
        self._require(size, self._picture_bound)

    def require_for_step(self, size):
        """`size`: 0 for any step at all."""
        self._require(size, self._step_bound)

    def _require(self, size, bound):
        self._look()
        if self._used >= bound or size > bound - self._used:
            self._refused = True
            raise _OutboxFull(f"the outbox {self._folder} has its {self._max_bytes} bytes (max_outbox_bytes): does a shipper run?")

    def _look(self):
        now = time.monotonic()
        pause = max(self._OFTEN_SECONDS if self._refused else self._SELDOM_SECONDS, self._took * self._SHARE_OF_TIME)
        if self._looked_at is not None and now - self._looked_at < pause:
            return
        self._used = _folder_size(self._folder)
        self._refused = False
        self._looked_at = time.monotonic()
        self._took = self._looked_at - now


def _folder_size(folder):
    """What goes meanwhile, or cannot be seen, counts as nothing."""
    size = 0
    for path, _, files in os.walk(folder):
        for name in files:
            try:
                size += os.lstat(os.path.join(path, name)).st_size
            except OSError:
                continue
    return size


def _line(record):
    """Raises _Refused if it is longer than any reader takes."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    try:
        line = text.encode() + b"\n"
    except UnicodeEncodeError:
        # UTF-8 cannot hold half a surrogate pair: the format replaces it and counts that.
        storable = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        replaced = storable.count("\ufffd") - text.count("\ufffd")
        line = f'{storable[:-1]}, "replaced_characters": {replaced}}}\n'.encode()
    if len(line) > _MAX_RECORD_BYTES:
        raise _Refused(f"the record has {len(line)} bytes, and may have {_MAX_RECORD_BYTES}")
    return line


def _shortened_line(record):
    """Of a start or an end, without which there is no task: if it is too long, what it must have is told, and what was left out."""
    try:
        return _line(record)
    except _Refused:
        left_out = [name for name in ("description", "model", "device_id", "metadata", "message") if name in record]
        return _line({**{name: value for name, value in record.items() if name not in left_out}, "x_left_out": left_out})


def _opened(path, flags):
    return os.open(path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _write_file(path, content):
    with open(_opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb", buffering=0) as out:
        rest = memoryview(content)
        while rest:
            rest = rest[out.write(rest) :]


# === REDACTION


@dataclasses.dataclass(frozen=True)
class ScreenshotContext:
    """The step that a screenshot belongs to. `role`: `before` the action or `after` it; `thinking` and `action` as the agent
    told them."""

    task_id: str
    step_number: int
    step_type: str
    role: str
    sensitive: bool
    thinking: str | None
    action: dict | None

    @staticmethod
    def of(record, role, screen):
        # The action is a copy: what a redactor does to it is not done to the record.
        told = [record.get(name) for name in ("task_id", "step_number", "step_type")]
        return ScreenshotContext(*told, role, screen.sensitive, record.get("thinking"), copy.deepcopy(record.get("action")))


class _Redaction:
    """What must not be kept. Where a redactor fails, nothing is kept of what it was asked for; what it raised may quote that, so
    only its type is told. Used by the writer's thread."""

    _TEXTS = ("description", "metadata", "thinking", "action", "action_result", "error_message", "message")

    def __init__(self, text, screenshot):
        if text is not None and not callable(text):
            raise TypeError("redact_text: must be callable")
        self._text = text
        self._screenshot = screenshot
        if screenshot is not None and not callable(screenshot):
            rectangles = _rectangles(screenshot)
            self._screenshot = lambda png, context: rectangles

    def texts(self, record):
        """Redacts `record` itself, and gives what went wrong, or None."""
        error, withheld = None, []
        for field in self._TEXTS if self._text is not None else ():
            try:
                if field in record:
                    record[field] = self._redacted(record[field])
            except BaseException as e:  # whatever it is costs the field that it was asked for, and nothing else
                error = _Refused(f"redact_text raised {type(e).__name__}")
                withheld.append(field)
                del record[field]
        if withheld:
            record["withheld_fields"] = withheld
        return error

    def _redacted(self, value):
        if isinstance(value, dict):
            return {key: self._redacted(held) for key, held in value.items()}
        if isinstance(value, list):
            return [self._redacted(held) for held in value]
        if not isinstance(value, str):
            return value
        text = self._text(value)
        if text is not None and not isinstance(text, str):
            raise TypeError("it gave no text")
        return text

    def screenshot(self, png, context):
        """The PNG as it may be kept, and the regions that were blacked out in it. Raises _NoPicture."""
        if self._screenshot is None:
            return png, []
        try:
            kept = self._screenshot(png, context)
            if isinstance(kept, (bytes, bytearray)):
                if not _is_png(kept):
                    raise ValueError("it gave no PNG")
                return bytes(kept), []
            if kept is not None:
                return _black_out(png, _rectangles(kept))
        except BaseException as e:  # as above
            raise _NoPicture("redaction_failed", f"redact_screenshot raised {type(e).__name__}") from None
        raise _NoPicture("withheld", "redact_screenshot withheld it")


def _rectangles(rectangles):
    try:
        return [tuple(map(operator.index, (x, y, width, height))) for x, y, width, height in rectangles]
    except (TypeError, ValueError) as e:
        raise TypeError("redact_screenshot: must be callable or rectangles (x, y, width, height) of whole numbers") from e


# === PNG

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type: grey, RGB, palette, grey and alpha, RGBA


def _is_png(data):
    return data[:8] == _PNG_SIGNATURE and data[12:16] == b"IHDR" and len(data) >= 24


def _black_out(png, rectangles):
    """The PNG with the rectangles black, and those parts of them that are inside of it, as `redacted_regions` tells them.

    Nothing but what is needed to show it is kept of the rest of the file. Raises ValueError for a PNG that is broken, interlaced,
    not of 8 bits a channel, or of over 16 million pixels.
    """
    chunks = list(_chunks(png))
    width, height, bits, colours, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if bits != 8 or interlaced or colours not in _CHANNELS or not 0 < width * height <= _MAX_REDACTED_PIXELS:
        raise ValueError("a PNG of a kind that cannot be redacted")
    regions = [region for rectangle in rectangles if (region := _inside(width, height, *rectangle))]
    if not regions:
        return png, []
    size = 1 + width * _CHANNELS[colours]
    rows = bytearray(zlib.decompressobj().decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"), size * height))
    if len(rows) != size * height:
        raise ValueError("a PNG that is cut short")
    _black_out_rows(rows, size, regions, _black(colours, dict(chunks).get(b"PLTE", b"")))
    kept = [(kind, data) for kind, data in chunks if kind in (b"IHDR", b"PLTE", b"tRNS")]
    kept += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return _PNG_SIGNATURE + b"".join(_chunk(kind, data) for kind, data in kept), regions


def _chunks(png):
    at = len(_PNG_SIGNATURE)
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def _inside(width, height, x, y, across, down):
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + across, width), min(y + down, height)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top} if left < right and top < bottom else None


def _black(colours, palette):
    """A pixel, opaque; of a palette its darkest colour."""
    if colours == 3:
        return bytes([min(range(len(palette) // 3), key=lambda i: sum(palette[3 * i : 3 * i + 3]))])
    return {0: b"\0", 2: b"\0\0\0", 4: b"\0\xff", 6: b"\0\0\0\xff"}[colours]


def _black_out_rows(rows, size, regions, black):
    """`rows`: each a byte that names its filter and the filtered bytes, `size` in all. A row that stays as it is, below one that
    does, needs no new bytes; to decode takes half a second for a whole screen, so only what the others are made from is decoded."""
    height = len(rows) // size
    filters = bytes(rows[::size])
    painted = [[region for region in regions if 0 <= y - region["y"] < region["height"]] for y in range(height)]
    written = [bool(painted[y] or (y and painted[y - 1])) for y in range(height)]
    decoded = [*written, False]
    for y in reversed(range(height)):
        decoded[y] = written[y] or (decoded[y + 1] and filters[y + 1] >= 2)  # filters 2, 3 and 4 look at the row above
    row = bytes(size - 1)
    for y in range(height):
        if decoded[y]:
            start = y * size
            row = _unfiltered(filters[y], rows[start + 1 : start + size], row, len(black))
            if written[y]:
                shown = bytearray(row)
                for region in painted[y]:
                    left, right = region["x"] * len(black), (region["x"] + region["width"]) * len(black)
                    shown[left:right] = black * region["width"]
                rows[start : start + size] = b"\0" + shown


def _unfiltered(kind, row, above, pixel):
    """`pixel`: its bytes, by which left is from right."""
    if kind == 0:
        return row
    if kind == 1:
        return _sums(row, pixel)
    if kind == 2:
        return _added(int.from_bytes(row, "little"), int.from_bytes(above, "little"), len(row)).to_bytes(len(row), "little")
    predict = {3: _average, 4: _paeth}[kind]
    plain = bytearray(len(row))
    for channel in range(pixel):
        plain[channel::pixel] = predict(row[channel::pixel], above[channel::pixel])
    return plain


def _added(a, b, size):
    """The sums of `size` bytes each, without carrying from one to the next: a row at a time, many times faster than a byte."""
    low, high = int.from_bytes(b"\x7f" * size, "little"), int.from_bytes(b"\x80" * size, "little")
    return ((a & low) + (b & low)) ^ ((a ^ b) & high)


def _sums(row, pixel):
    """Each byte with all to the left of it in its channel added: twice as many in each round."""
    sums, reach = int.from_bytes(row, "little"), pixel
    while reach < len(row):
        sums = _added(sums, sums << 8 * reach, len(row))
        reach *= 2
    return sums.to_bytes(len(row), "little")


def _average(row, above):
    left, plain = 0, bytearray()
    for byte, up in zip(row, above):
        left = byte + (left + up >> 1) & 255
        plain.append(left)
    return plain


def _paeth(row, above):
    left, corner, plain = 0, 0, bytearray()
    for byte, up in zip(row, above):
        if up == corner:  # as in most of a screen; then it is the left one that is nearest
            near = left
        else:
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            near = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        left = byte + near & 255
        plain.append(left)
        corner = up
    return plain


# === SMALL THINGS


def _without_secrets(url):
    """Scheme, host, port and path of an address; its user, password, query and fragment may be secrets. None for what is no
    address of this kind, of which nobody can say which part is which."""
    parts = urllib.parse.urlsplit(url if isinstance(url, str) else "")
    if not parts.scheme or not parts.hostname or "@" in parts.path:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path.partition(';')[0]}"


def _since(began):
    return max(0, round((time.monotonic() - began) * 1000))


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds")


def _uuid7():
    """RFC 9562, section 5.7: 48 bits of milliseconds, then random ones around version and variant."""
    bits = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    return str(uuid.UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62))


if os.name == "nt":
    import msvcrt

    def _lock_exclusively(file):
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock_exclusively(file):
        fcntl.lockf(file, fcntl.LOCK_EX)
