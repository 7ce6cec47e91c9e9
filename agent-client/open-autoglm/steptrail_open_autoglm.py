"""Records what an Open-AutoGLM PhoneAgent does into a Steptrail outbox.

    from steptrail_open_autoglm import tracked

    agent = tracked(PhoneAgent(model_config, agent_config), outbox="outbox")
    agent.run("Open the camera")

`steptrail ship` delivers the outbox. Copy this file next to your program; it needs Python 3.10 or later and only the standard
library. step-format/FORMAT.md specifies the outbox and its records.

Guarantees:
- `run` and `step` return and raise what they would without recording. If an object of the agent raises while it is read, only
  that value, screenshot or, at worst, step is lost and counted; the agent is not affected. KeyboardInterrupt and SystemExit
  still reach the agent.
- Recording does not block the agent: steps go through a bounded queue to a thread that decodes, redacts and writes them.
- Losses are visible: a dropped step leaves a gap in the step numbers, and the task's `losses` contain the reason. Space is
  reserved so that losses and the end of a task can be written on a full disk or in a full outbox. If the process is killed,
  queued steps are lost and the task ends as abandoned.

It depends on these parts of Open-AutoGLM: `agent.run`, `agent.reset`, `agent._execute_step`, `agent.model_client.request`,
`agent.action_handler.execute` with its callbacks, and `get_device_factory` (or the older `get_screenshot`) in the module of
`_execute_step`. It also reads `agent.agent_config`, `agent.model_config`, `agent.step_count`, the results, and the tokens that
`agent.model_client.client.chat.completions.create` reports; any of these may be missing.

The sections, from the agent to the disk (each starts with a heading `# === `):
    THE ENTRY POINT          tracked
    WRAPPING THE AGENT       Recording: wraps the agent's methods, and starts and ends tasks
    WRAPPING A STEP          wraps what a step calls: screen capture, model, action, callbacks to a person
    MODEL CALLS              tokens, and what the model received
    THE FIELDS OF A STEP     _ObservedStep: the observed objects. _StepFields: the recorded values. _Screen: the screenshot
    READING THE AGENT        _Reader: converts any value of the agent to JSON
    COUNTING                 _Losses: the losses of one task. _Ledger: all counters, and the log
    THE QUEUE                _Task: a task's step numbers. _Writer: the queue and its thread
    THE OUTBOX               _TaskRecording, _TaskFolder, _StepsFile: the files. _OutboxQuota: the size limit
    REDACTION                ScreenshotContext, _Redaction: removes sensitive content
    PNG                      decodes and encodes PNG to black out rectangles
    UTILITIES                times, ids, URLs, locks
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
import re
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
_MIN_OUTBOX_BYTES = 1024 * 1024
_MAX_RECORD_BYTES = 16 * 1024 * 1024  # the limit of the step format
_RESERVED_BYTES = 16 * 1024  # disk space for the last losses and the end of a task
_RETRY_INTERVAL_SECONDS = 1.0
_LOSSES_INTERVAL_SECONDS = 5.0  # between records of losses while consecutive steps are dropped
_EXIT_TIMEOUT_SECONDS = 10.0
_MAX_DEPTH = 100  # of nested objects and arrays; the step format allows 200
_MAX_INT = 2**31 - 1  # of whole numbers in the step format
_MAX_EXPERIMENT_CHARS = 200
_EXPERIMENT_PART = r"(?!\.{1,2}(?:/|\Z))[^\x00-\x1f\x7f-\x9f/\\%]+"
_EXPERIMENT_NAME = re.compile(f"{_EXPERIMENT_PART}(?:/{_EXPERIMENT_PART})*")
_MAX_VALUES = 100_000  # per record, because nested lists with shared elements can grow exponentially
_MAX_REDACTED_PIXELS = 16_000_000

_log = logging.getLogger("steptrail")
_this_thread = threading.local()  # .step: the _ObservedStep of the step that runs on this thread


# === THE ENTRY POINT


def tracked(
    agent,
    outbox,
    *,
    after_frames=False,
    metadata=None,
    max_outbox_bytes=MAX_OUTBOX_BYTES,
    redact_text=None,
    redact_screenshot=None,
    record_model_calls=False,
    include_usage=False,
):
    """Records each task that `agent` runs from now on, and returns `agent`.

    Does not change what `run` and `step` return or raise, and does not block them: steps go through a queue to a thread that
    writes them. Losses are counted in the task's `losses`, and each reason is logged once by the logger `steptrail`.

    agent: a phone_agent.PhoneAgent or an object of a subclass.
    outbox: the folder to record into, created if it does not exist; several agents may share it.
    after_frames: also record the screen after each action. Needs one more capture on the phone, which blocks the agent.
    metadata: a dict to store with each task.
    max_outbox_bytes: the size limit of the outbox, including data of other writers; at least 1 MiB. Default 2 GiB. Beyond it
        screenshots are dropped first, then steps, counted as `outbox_full`; starts, losses and ends are always written.
    redact_text: called with each text before it is written: thinking, error messages, strings in actions, results, metadata,
        attributes, model_input and model_output (not their keys), a task's description and final message. It returns the
        redacted text, or None to remove the text. If it raises, the field is omitted, listed in the record's `withheld_fields`
        and counted.
    redact_screenshot: rectangles (x, y, width, height) in pixels from the upper left corner to black out in each screenshot; or
        a callable that gets the PNG as bytes and a ScreenshotContext. It returns such rectangles, a replacement PNG as bytes,
        or None to drop the screenshot, counted as `withheld`. If it raises, or if the rectangles cannot be blacked out, the
        screenshot is dropped and counted as `redaction_failed`.

    record_model_calls: also record what the model received and returned, as `model_input` and `model_output` of the step. Images
        become references to the step's screenshot.
    include_usage: ask the model's server to report tokens, by adding `stream_options={"include_usage": True}` to the agent's
        streaming requests. This changes the requests; a server that does not know the option may reject them. Tokens that the
        server reports without being asked are always recorded.

    The redactors are called on the writer's thread. A slow redactor fills the queue but does not block the agent.

    `agent.steptrail` is the Recording. Raises TypeError if the agent cannot be tracked or a redactor is invalid, ValueError if
    the agent is already tracked or the limit is below 1 MiB, and OSError if the outbox cannot be created.
    """
    missing = [name for name in _REQUIRED_METHODS if not callable(_attribute(agent, name))]
    if missing:
        raise TypeError(f"{type(agent).__name__} is not an Open-AutoGLM PhoneAgent: it has no {', '.join(missing)}")
    if isinstance(getattr(agent, "steptrail", None), Recording):
        raise ValueError("this agent is already tracked")
    if max_outbox_bytes < _MIN_OUTBOX_BYTES:
        raise ValueError(f"max_outbox_bytes must be {_MIN_OUTBOX_BYTES} (1 MiB) or more, but is {max_outbox_bytes}")
    redaction = _Redaction(redact_text, redact_screenshot)
    metadata = dict(metadata or {})
    outbox = pathlib.Path(outbox).absolute()  # the program may change its working directory during a task
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    writer = _Writer(outbox, max_outbox_bytes, redaction)
    agent.steptrail = Recording(agent, writer, after_frames, metadata, record_model_calls, include_usage)
    weakref.finalize(agent, writer.close, "the agent was discarded before the task ended").atexit = False
    return agent


_REQUIRED_METHODS = ("run", "reset", "_execute_step", "model_client.request", "action_handler.execute")


def _attribute(target, path):
    for name in path.split("."):
        target = getattr(target, name, None)
    return target


# === WRAPPING THE AGENT


def _never_raises(method):
    """Decorates methods that run on the agent's thread: logs an exception of this module instead of raising it."""

    @functools.wraps(method)
    def guarded(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except Exception as e:
            self._writer.ledger.failed("invalid", e)
            return None

    return guarded


class Recording:
    """The recording of one agent. Thread-safe."""

    def __init__(self, agent, writer, after_frames, metadata, record_model_calls, include_usage):
        self._agent = weakref.ref(agent)
        self._writer = writer
        self._after_frames = after_frames
        self._metadata = metadata
        self._record_model_calls = record_model_calls
        self._include_usage = include_usage
        self._next_task = {}
        self._wrap_methods(agent)

    @property
    def task_id(self):
        """The id of the open task; if none is open, the id of the last task; None before the first task."""
        task = self._writer.open_task or self._writer.last_task
        return task.task_id if task else None

    def flush(self, timeout=10.0):
        """Waits until everything recorded so far is written or counted as lost; returns False after `timeout` seconds."""
        return self._writer.flush(timeout)

    def stats(self):
        """Returns a dict: `written` steps; `dropped_steps` and `dropped_screenshots` by reason; `lost_ends` of tasks;
        `withheld_texts`, the number of fields on which redact_text failed; `unreadable_values` of the agent; `last_error` as
        text or None."""
        return self._writer.ledger.stats()

    def next_task(self, *, experiment, case_id=None, repeat=None, attributes=None):
        """Makes the task that starts next a part of an experiment.

        experiment, case_id: the experiment, and its case that the task repeats; 1 to 200 characters each.
            The experiment must not contain control characters, backslashes or %, or a part between slashes that is empty, . or ..
        repeat: the number of the repeat, 0 or more.
        attributes: a dict of what the experiment varies, such as `app_version` and `prompt_version`.

        Raises ValueError if a value is not valid.
        """
        for name, value in (("experiment", experiment), ("case_id", case_id)):
            if value is not None and not (isinstance(value, str) and 1 <= len(value) <= _MAX_EXPERIMENT_CHARS):
                raise ValueError(f"{name} must be a str of 1 to {_MAX_EXPERIMENT_CHARS} characters")
        if experiment is not None and not _EXPERIMENT_NAME.fullmatch(experiment):
            raise ValueError("experiment must not contain control characters, \\ or %, or a part between slashes that is empty, . or ..")
        if repeat is not None and not (type(repeat) is int and 0 <= repeat <= _MAX_INT):
            raise ValueError(f"repeat must be a whole number of 0 to {_MAX_INT}")
        self._next_task = {"experiment": experiment, "case_id": case_id, "repeat": repeat, "attributes": dict(attributes or {})}

    def _reader(self):
        return _Reader(self._writer.ledger)

    # Wrappers of the agent's methods. Each calls the original method with the same arguments.

    def _wrap_methods(self, agent):
        for name, wrapper in (("run", self._run), ("reset", self._reset), ("_execute_step", self._execute_step)):
            setattr(agent, name, _wrap(getattr(agent, name), wrapper))
        _wrap_once(agent.model_client, "request", _request)
        completions = self._reader().read(lambda: _attribute(agent, "model_client.client.chat.completions"))
        if callable(self._reader().get(completions, "create")):
            self._reader().read(lambda: _wrap_once(completions, "create", _create_completion))
        _wrap_once(agent.action_handler, "execute", _execute)
        for name in ("takeover_callback", "confirmation_callback"):
            if callable(getattr(agent.action_handler, name, None)):
                _wrap_once(agent.action_handler, name, functools.partial(_ask_person, name))
        for owner in type(agent).__mro__:
            method = owner.__dict__.get("_execute_step")
            _wrap_capture(getattr(method, "__globals__", {}))

    def _run(self, run, *args, **kwargs):
        try:
            result = run(*args, **kwargs)
        except BaseException as e:
            self._end_after_exception(e)
            raise
        self._end_after_return(result)
        return result

    def _reset(self, reset, *args, **kwargs):
        self._end("cancelled", "cancelled", "the agent was reset")
        return reset(*args, **kwargs)

    def _execute_step(self, execute_step, *args, **kwargs):
        step = _ObservedStep(self._reader(), self._record_model_calls, self._include_usage)
        self._begin_step(step, *args, **kwargs)
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
        self._end_step(step, result)
        return result

    # Starts, steps and ends of tasks.

    @_never_raises
    def _begin_step(self, step, user_prompt=None, is_first=False, *_, **__):
        reader = self._reader()
        is_first = reader.flag(is_first)
        if is_first:
            self._end("cancelled", "cancelled", "the agent started another task")
        if self._writer.open_task is None:
            # A step after the task's end, without a reset, continues the same conversation in a new task.
            previous = None if is_first else self._writer.last_task
            self._begin(reader, reader.text(user_prompt) or (previous.description if previous else None), previous)
        step.task = self._writer.open_task

    def _begin(self, reader, description, previous):
        get = reader.get
        config, model = get(self._agent(), "agent_config"), get(self._agent(), "model_config")
        metadata = {
            "max_steps": get(config, "max_steps", _UNREADABLE),
            "lang": get(config, "lang", _UNREADABLE),
            "base_url": reader.read(lambda: _strip_secrets(get(model, "base_url"))),
        }
        metadata = {name: reader.plain(value) for name, value in metadata.items() if value is not None}
        place, self._next_task = self._next_task, {}
        task = _Task(description)
        started = task.record(
            "task_started",
            description=description,
            agent="Open-AutoGLM",
            model=reader.text(get(model, "model_name", _UNREADABLE)),
            device_id=reader.text(get(config, "device_id", _UNREADABLE)),
            previous_task_id=previous.task_id if previous else None,
            metadata={**metadata, **reader.mapping(self._metadata)},
            **{**place, "attributes": reader.mapping(place.get("attributes")) or None},
        )
        self._writer.begin(task, started)

    @_never_raises
    def _end_step(self, step, result):
        finished = step.reader.flag(step.reader.get(result, "finished"))
        after = None
        try:
            if self._after_frames and not finished and step.capture is not None:
                after = self._capture_again(step)
        finally:
            values = self._record(step, result, after)
        if finished and values is not None:
            self._end(*values.end_reason(), values.message)

    @_never_raises
    def _record(self, step, result, after):
        """Records the step, and returns its values; None if they could not be read."""
        values, fields, error = None, None, None
        try:
            values = _StepFields(step, result, step.reader)
            fields = values.fields()
        except Exception as e:  # the step still uses up its number, so that the loss is visible
            error = e
        frames = [(role, screen) for role, screen in (("before", step.screen), ("after", after)) if screen is not None]
        self._writer.record(step.task, fields, frames, error)
        return values

    def _capture_again(self, step):
        """Captures the screen by repeating the agent's own call, because its arguments differ by platform."""
        try:
            return _Screen.of(step.capture(), step.reader)
        except Exception as e:
            return _Screen.lost("not_captured", e)

    @_never_raises
    def _end_after_return(self, result):
        if self._writer.open_task is not None:  # otherwise the last step has ended the task
            reader, agent = self._reader(), self._agent()
            steps = reader.plain(reader.get(agent, "step_count"))
            max_steps = reader.plain(reader.get(reader.get(agent, "agent_config"), "max_steps"))
            limit_reached = isinstance(steps, int) and isinstance(max_steps, (int, float)) and steps >= max_steps
            end_reason = "max_steps" if limit_reached else "ended_without_finish"
            self._end("failed", end_reason, result if issubclass(type(result), str) else None)

    @_never_raises
    def _end_after_exception(self, error):
        if isinstance(error, Exception):
            self._end("failed", "ended_without_finish", _reason(error))
        else:  # KeyboardInterrupt or SystemExit: the run was stopped from outside
            self._end("cancelled", "cancelled", _reason(error))

    @_never_raises
    def _end(self, status, end_reason, message=None):
        if self._writer.open_task is not None:
            self._writer.end(status, end_reason, self._reader().text(message))


def _wrap(method, wrapper):
    @functools.wraps(method)
    def call(*args, **kwargs):
        return wrapper(method, *args, **kwargs)

    call.steptrail = True
    return call


def _wrap_once(target, name, wrapper):
    """Wraps a method, unless another agent that shares `target` did. The wrapper finds its step through the current thread."""
    method = getattr(target, name)
    if not getattr(method, "steptrail", False):
        setattr(target, name, _wrap(method, wrapper))


def _wrap_capture(module_globals):
    """Wraps the functions that capture the screen. `module_globals`: where `_execute_step` looks them up."""
    for name, wrapper in (("get_device_factory", _device_factory), ("get_screenshot", _get_screenshot)):
        function = module_globals.get(name)
        if callable(function) and not getattr(function, "steptrail", False):
            module_globals[name] = _wrap(function, wrapper)


# === WRAPPING A STEP


def _current_step():
    return getattr(_this_thread, "step", None)


def _device_factory(get_device_factory, *args, **kwargs):
    factory = get_device_factory(*args, **kwargs)
    return factory if _current_step() is None else _DeviceFactoryProxy(factory)


class _DeviceFactoryProxy:
    """Wraps the agent's device factory, and passes its screenshots to the current step."""

    def __init__(self, factory):
        self._factory = factory

    def __getattr__(self, name):
        return getattr(self._factory, name)

    def get_screenshot(self, *args, **kwargs):
        return _get_screenshot(self._factory.get_screenshot, *args, **kwargs)


def _get_screenshot(get_screenshot, *args, **kwargs):
    step = _current_step()
    if step is None:
        return get_screenshot(*args, **kwargs)
    with step.timing("screenshot_ms"):
        screenshot = get_screenshot(*args, **kwargs)
    step.capture = functools.partial(get_screenshot, *args, **kwargs)
    step.screen = _Screen.of(screenshot, step.reader)
    return screenshot


def _request(request, *args, **kwargs):
    step = _current_step()
    if step is None:
        return request(*args, **kwargs)
    if step.records_model_calls:
        step.model_input = _model_input(step, args[0] if args else kwargs.get("messages"))
    with step.timing("model_ms"):
        try:
            step.response = request(*args, **kwargs)
        except BaseException as e:
            step.model_failed = True
            step.failed(e)
            raise
    return step.response


def _execute(execute, *args, **kwargs):
    step = _current_step()
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
    if step.error is None:  # after an error, the agent executes a `finish`, whose result is not that of the step's action
        step.result = result
    return result


def _ask_person(name, callback, *args, **kwargs):
    """Records how long a person took to respond, and whether the person allowed a sensitive action."""
    step = _current_step()
    if step is None:
        return callback(*args, **kwargs)
    is_takeover = name == "takeover_callback"
    with step.timing("take_over_ms" if is_takeover else "confirmation_ms"):
        response = callback(*args, **kwargs)
    if not is_takeover:
        step.confirmed = step.reader.flag(response, None)
    return response


# === MODEL CALLS


def _create_completion(create, *args, **kwargs):
    """Wraps the OpenAI client's `chat.completions.create`, and keeps the tokens that the server reports."""
    step = _current_step()
    if step is None:
        return create(*args, **kwargs)
    is_stream = step.reader.flag(kwargs.get("stream"))
    if step.includes_usage and is_stream and "stream_options" not in kwargs:
        kwargs = {**kwargs, "stream_options": {"include_usage": True}}
    response = create(*args, **kwargs)
    call = _ModelCall()
    step.model_calls.append(call)
    if is_stream:
        return _ObservedStream(response, call, step.reader)
    call.usage = step.reader.get(response, "usage")
    return response


class _ModelCall:
    """The tokens of one request, as the server reported them last."""

    usage = None


class _ObservedStream:
    """Wraps a stream of chunks. The last chunk with `usage` contains the tokens of the whole request."""

    def __init__(self, stream, call, reader):
        self._stream, self._call, self._reader = stream, call, reader

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __iter__(self):
        for chunk in self._stream:
            self._observe(chunk)
            yield chunk

    def __next__(self):
        chunk = next(self._stream)
        self._observe(chunk)
        return chunk

    def __enter__(self):
        self._stream.__enter__()
        return self

    def __exit__(self, *error):
        return self._stream.__exit__(*error)

    def _observe(self, chunk):
        usage = self._reader.get(chunk, "usage")
        if usage is not None:
            self._call.usage = usage


def _usage(step, response):
    """Returns the tokens of the step's requests as in the step format; None if the server reported none. `response`: what the
    model client returned, which contains `usage` in some versions of Open-AutoGLM."""
    reports = [call.usage for call in step.model_calls] or [step.reader.get(response, "usage")]
    total = {}
    for report in reports:
        for name, keys in _TOKENS.items():
            count = next((count for key in keys if (count := _token_count(step.reader, report, key)) is not None), None)
            if count is not None:
                total[name] = min(total.get(name, 0) + count, _MAX_INT)
    return total or None


_TOKENS = {  # by the names of the step format: those of OpenAI's Chat Completions and Responses
    "input_tokens": ("prompt_tokens", "input_tokens"),
    "cached_tokens": ("prompt_tokens_details.cached_tokens", "input_tokens_details.cached_tokens"),
    "output_tokens": ("completion_tokens", "output_tokens"),
}


def _token_count(reader, report, path):
    for name in path.split("."):
        if isinstance(report, Mapping):
            report = reader.read(functools.partial(report.get, name))
        else:
            report = reader.get(report, name)
    valid = type(report) is int and 0 <= report <= _MAX_INT
    return report if valid else None


_IMAGE_URL = "data:image/"
_BASE64_STARTS = ("iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD")  # PNG, JPEG, WebP, GIF
_BASE64 = re.compile(r"[A-Za-z0-9+/=_%-]+")
_IMAGE_URL_IN_TEXT = re.compile(r"data:image/[^,;\s]{1,60};base64,[A-Za-z0-9+/=_%\\-]+")


def _model_input(step, messages):
    """Copies the messages before the agent changes them, and replaces their images."""
    return _without_images(step.another_reader().plain(messages), step.screen)


def _without_images(value, screen):
    """Replaces images in a JSON value with references to the screenshot, as in step-format/FORMAT.md."""
    if isinstance(value, dict):
        return {key: _without_images(item, screen) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_images(item, screen) for item in value]
    if not isinstance(value, str):
        return value
    _, marker, data = value.partition(";base64,") if value.startswith(_IMAGE_URL) else ("", ";base64,", value)
    is_image = value.startswith(_IMAGE_URL) or (len(value) >= 64 and value.startswith(_BASE64_STARTS))
    if is_image and marker and _BASE64.fullmatch(data):
        if screen is not None and data == screen.base64_data:
            return {"frame": "before"}
        return {"omitted": "image", "bytes": len(data) // 4 * 3}
    return _IMAGE_URL_IN_TEXT.sub("[image]", value) if _IMAGE_URL in value else value


# === THE FIELDS OF A STEP


class _ObservedStep:
    """The agent's objects that were observed during one step. _StepFields reads them at its end."""

    def __init__(self, reader, records_model_calls, includes_usage):
        self.reader = reader
        self.records_model_calls, self.includes_usage = records_model_calls, includes_usage
        self.model_calls = []
        self.model_input = None
        self.task = None
        self.started_at = time.monotonic()
        self.timings = {}
        self.capture = self.screen = self.response = self.action = self.result = self.confirmed = None
        self.error = None  # as text, because an exception would keep the step's objects alive
        self.model_failed = False

    def another_reader(self):
        return self.reader.another()

    def failed(self, error):
        """Stores the first error only: an error of a call within the step is closer to the cause than that of the step."""
        self.error = self.error or _reason(error)

    def timing(self, name, first=False):
        return _Timing(self.timings, name, first)


class _Timing:
    """A context manager that measures its block in milliseconds. Repeated blocks overwrite the value unless `first` is set."""

    def __init__(self, timings, name, first):
        self._timings, self._name, self._first = timings, name, first

    def __enter__(self):
        self._started_at = time.monotonic()

    def __exit__(self, *_):
        if not (self._first and self._name in self._timings):
            self._timings[self._name] = _elapsed_ms(self._started_at)


class _StepFields:
    """The values of a step for its record, read from the observed objects and the agent's `result`."""

    def __init__(self, observed, result, reader):
        self._observed, self._result, self._reader = observed, result, reader
        get, text = reader.get, reader.text
        action = get(result, "action")
        self.action = reader.mapping(observed.action if action is None else action)
        self.thinking = text(get(result, "thinking")) or text(get(observed.response, "thinking")) or None
        self.message = text(get(result, "message"))
        self._is_finish = self.action is not None and self.action.get("_metadata") == "finish"
        # The agent converts a reply that it cannot parse to a `finish` with the whole reply as its message.
        reply = text(get(observed.response, "action"))
        self._unparseable = self._is_finish and reply is not None and self.action.get("message") == reply

    def fields(self):
        success, error_message = self._outcome()
        return {
            "timestamp": _now(),
            "step_type": self._step_type(),
            "thinking": self.thinking,
            "action": self.action,
            "action_result": self._action_result(),
            "duration_ms": _elapsed_ms(self._observed.started_at),
            "success": success,
            "error_message": error_message,
            "timings": {**self._observed.timings, **self._model_timings()},
            "usage": _usage(self._observed, self._observed.response),
            "model_input": self._observed.model_input,
            "model_output": self._model_output(),
        }

    def end_reason(self):
        """Returns the status and end reason of the task if this is its last step."""
        if self._observed.model_failed:
            return "failed", "model_error"
        if self._unparseable:
            return "failed", "unparseable_reply"
        if self._observed.confirmed is False:
            return "cancelled", "cancelled"
        if self._observed.error is None and self._is_finish:
            return "succeeded", "finished"
        return "failed", "ended_without_finish"

    def _step_type(self):
        if self.action is None or self._unparseable:
            return "error"
        return "completion" if self._is_finish else "action"

    def _outcome(self):
        if self._observed.error is not None:
            return False, self._observed.error
        if self._unparseable:
            return False, "the model's reply could not be parsed"
        result = self._result if self._observed.result is None else self._observed.result
        success = self._reader.flag(self._reader.get(result, "success"))
        return success, None if success else self._reader.text(self._reader.get(result, "message")) or "no error message"

    def _action_result(self):
        result = self._observed.result
        if result is None:
            return None
        values = {name: self._reader.flag(self._reader.get(result, name)) for name in ("success", "should_finish")}
        message = self._reader.text(self._reader.get(result, "message"))
        if message is not None:
            values["message"] = message
        if self._observed.confirmed is not None:
            values["confirmed"] = self._observed.confirmed
        return values

    def _model_output(self):
        if not self._observed.records_model_calls:
            return None
        output = self._reader.text(self._reader.get(self._observed.response, "raw_content"))
        return _without_images(output, None) or None

    def _model_timings(self):
        """Returns the model client's own measurements, which are more precise than the duration of the wrapped call."""
        values = {}
        for name, field in (
            ("time_to_first_token", "time_to_first_token_ms"),
            ("time_to_thinking_end", "time_to_thinking_end_ms"),
            ("total_time", "model_ms"),
        ):
            seconds = self._reader.plain(self._reader.get(self._observed.response, name))
            if isinstance(seconds, (int, float)) and abs(seconds) < 1e9:
                values[field] = round(seconds * 1000)
        return values


class _Screen:
    """A screenshot in base64, which the writer decodes, or the reason why there is no screenshot."""

    def __init__(self, base64_data, sensitive, problem=None):
        self.base64_data = base64_data
        self.sensitive = sensitive
        self.captured_at = _now()
        self._problem = problem

    @staticmethod
    def of(screenshot, reader):
        # If the flag cannot be read, the screenshot counts as sensitive.
        sensitive = reader.flag(reader.get(screenshot, "is_sensitive", True), True)
        data = reader.get(screenshot, "base64_data")
        if issubclass(type(data), str):
            return _Screen(str.__str__(data), sensitive)
        return _Screen(b"", sensitive, _ScreenshotLost("not_an_image", "the screenshot is not base64"))

    @staticmethod
    def lost(reason, error):
        return _Screen(b"", False, _ScreenshotLost(reason, _describe(error)))

    def png(self):
        """Decodes the screenshot. Raises _ScreenshotLost."""
        if self._problem is not None:
            raise self._problem
        try:
            data = base64.b64decode(self.base64_data)
        except (binascii.Error, TypeError, ValueError):
            raise _ScreenshotLost("not_an_image", "the screenshot is not base64") from None
        if not _is_png(data):
            raise _ScreenshotLost("not_an_image", "the screenshot is not a PNG")
        return data


class _ScreenshotLost(Exception):
    """Raised if a screenshot is lost. `reason` is the key under which it is counted."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


# === READING THE AGENT

_UNREADABLE = "(unreadable)"
_TRUNCATED = "…"


class _Reader:
    """Copies the agent's values to JSON values, because the agent may change them later. A reader is used for one record and
    limits its number of values.

    A value may raise when it is read, compared or converted to text. Only that value is then replaced by `_UNREADABLE` or a
    default, and counted. KeyboardInterrupt and SystemExit are not caught.
    """

    def __init__(self, ledger):
        self._ledger = ledger
        self._remaining_values = _MAX_VALUES

    def another(self):
        """Returns a reader with a limit of its own."""
        return _Reader(self._ledger)

    def read(self, operation, default=None):
        try:
            return operation()
        except Exception as e:
            self._ledger.unreadable(e)
            return default

    def get(self, target, name, default=None):
        """Returns an attribute; None if it does not exist."""
        return self.read(lambda: getattr(target, name, None), default)

    def flag(self, value, default=False):
        return self.read(lambda: bool(value), default)

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
                return _TRUNCATED
            if isinstance(value, Mapping):
                items = self._limit(value.items(), (_TRUNCATED, _TRUNCATED))
                return {self._key(key): self.plain(item, depth + 1) for key, item in items}
            return [self.plain(item, depth + 1) for item in self._limit(value, _TRUNCATED)]
        return str.__str__(repr(value))

    def _limit(self, values, placeholder):
        """Yields values up to the record's limit, then `placeholder` in place of the others."""
        for value in values:
            if self._remaining_values <= 0:
                yield placeholder
                return
            self._remaining_values -= 1
            yield value

    def _key(self, key):
        return str.__str__(key) if isinstance(key, str) else self.read(lambda: str.__str__(repr(key)), _UNREADABLE)


def _reason(error):
    """Returns the message of an exception, or its type if the message is empty."""
    try:
        return str.__str__(str(error)) or type(error).__name__
    except Exception:
        return type(error).__name__


# === COUNTING


class _Losses:
    """Counts dropped steps and screenshots by reason, and also adds them to `total` if there is one. Thread-safe."""

    def __init__(self, total=None):
        self._total = total
        self._lock = threading.RLock()  # like all locks reentrant: garbage collection may call _Writer.close
        self._counts = {"dropped_steps": collections.Counter(), "dropped_screenshots": collections.Counter()}

    def add(self, kind, reason, count=1):
        with self._lock:
            self._counts[kind][reason] += count
        if self._total is not None:
            self._total.add(kind, reason, count)

    def by_kind(self):
        with self._lock:
            return {kind: dict(counts) for kind, counts in self._counts.items()}


class _Ledger:
    """The counters of an agent's recording, and the messages to log. Thread-safe."""

    def __init__(self):
        self.losses = _Losses()
        self._lock = threading.RLock()
        self._counts = collections.Counter()
        self._last_error = None
        self._logged_reasons = set()
        self._pending = collections.deque()

    def count(self, name, count=1):
        with self._lock:
            self._counts[name] += count

    def unreadable(self, error):
        self.count("unreadable_values")
        self.failed("unreadable", error)

    def lost(self, task, kind, reason, error=None, count=1):
        """Counts a loss and queues a message for the log. `task`: None if it is not known."""
        (self.losses if task is None else task.losses).add(kind, reason, count)
        self.failed(reason, error)

    def failed(self, reason, error=None):
        """Queues a message for the log, once for each reason, so that a running agent does not fill the log."""
        with self._lock:
            if error is not None:
                self._last_error = _describe(error)
            if reason not in self._logged_reasons:
                self._logged_reasons.add(reason)
                cause = f": {_describe(error)}" if error else ""
                self._pending.append(f"steptrail cannot record everything ({reason}){cause}")

    def log_pending(self):
        """Logs the queued messages. Called on the writer's thread, because a log handler may be slow or may raise."""
        while self._pending:
            _log.warning("%s", self._pending.popleft())

    def stats(self):
        with self._lock:
            counts = {name: self._counts[name] for name in ("written", "lost_ends", "withheld_texts", "unreadable_values")}
            return {**counts, **self.losses.by_kind(), "last_error": self._last_error}


def _describe(error):
    """Describes an error for the log. Of an error from the agent or a redactor, returns only the type, because its message may
    contain secrets."""
    if isinstance(error, (_ScreenshotLost, _OutboxFull, _RecordRejected)):
        return _reason(error)
    kind = type(error).__name__
    return f"{kind}: {_reason(error)}" if isinstance(error, OSError) else kind


class _RecordRejected(Exception):
    """Raised if a record cannot be written. The message contains the reason, but no content of the record."""


# === THE QUEUE


class _Task:
    """A task's id, description, step numbers and losses. The writer's lock guards the step numbers."""

    def __init__(self, description):
        self.task_id = _uuid7()
        self.description = description
        self.last_number = 0
        self.ended = False
        self.losses = None  # set by the writer

    def record(self, kind, timestamp=None, **fields):
        """Returns a record. `fields`: JSON values; those that are None are omitted."""
        record = {"v": 1, "record": kind, "task_id": self.task_id, "timestamp": timestamp or _now()}
        record.update((name, value) for name, value in fields.items() if value is not None)
        return record


class _Writer:
    """The queue and its thread. Adding to the queue never blocks or raises."""

    def __init__(self, outbox, max_outbox_bytes, redaction):
        self._outbox, self._max_outbox_bytes, self._redaction = outbox, max_outbox_bytes, redaction
        self.open_task = self.last_task = None
        self.reset_state()
        _writers.add(self)

    def reset_state(self):
        """Initializes the state, also in a forked process, where locks that other threads held would never be released. The
        parent process writes the queued records and the open task."""
        if self.open_task is not None:
            self.open_task.ended = True
            self.last_task, self.open_task = self.open_task, None
        self.ledger = _Ledger()
        quota = _OutboxQuota(self._outbox, self._max_outbox_bytes)
        self._create_recording = functools.partial(_TaskRecording, self._outbox, quota, self._redaction, self.ledger)
        self._queue = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._queued_records = self._queued_chars = 0
        self._recording = self._pending_end = None
        self.thread = None

    def _start(self):
        """Starts the thread on first use, because most forked processes record nothing."""
        with self._lock:
            if self.thread is None:
                thread = threading.Thread(target=self._work, name="steptrail-writer", daemon=True)
                thread.start()
                self.thread = thread
                _register_exit_handler(os.getpid())

    def begin(self, task, started):
        self._start()
        task.losses = _Losses(self.ledger.losses)
        self.open_task = task
        self._queue.put(functools.partial(self._write_start, task, started))

    def record(self, task, fields, frames, error):
        """Assigns the step's number and queues the step, both under one lock. `fields`: None if the step is lost because of
        `error`."""
        chars = sum(len(screen.base64_data) for _, screen in frames)
        model_chars = _count_chars([fields[name] for name in _MODEL_TEXTS] if fields else None)
        with self._lock:
            if task is None or task.ended:
                return self.ledger.lost(None, "dropped_steps", "no_task")
            task.last_number += 1
            if fields is None:
                return self.ledger.lost(task, "dropped_steps", "invalid", error)
            too_long = model_chars and self._queued_chars + model_chars > MAX_QUEUED_SCREENSHOT_CHARS
            if self._queued_records >= MAX_QUEUED_RECORDS or too_long:
                return self.ledger.lost(task, "dropped_steps", "queue_full")
            if frames and self._queued_chars + model_chars + chars > MAX_QUEUED_SCREENSHOT_CHARS:
                self.ledger.lost(task, "dropped_screenshots", "frame_queue_full", count=len(frames))
                frames, chars = [], 0
            chars += model_chars
            self._queued_records += 1
            self._queued_chars += chars
            record = task.record("step", step_number=task.last_number, **fields)
            self._queue.put(functools.partial(self._write_step, task, record, frames, chars))

    def end(self, status, end_reason, message):
        with self._lock:
            task, self.open_task = self.open_task, None
            task.ended = True
            self.last_task = task
            ended = {"status": status, "end_reason": end_reason, "message": message, "last_step_number": task.last_number}
            self._queue.put(functools.partial(self._write_end, task, task.record("task_ended", **ended)))

    def flush(self, timeout):
        if self.thread is None:
            return True
        done = threading.Event()
        self._queue.put(functools.partial(self._flush, done))
        return done.wait(timeout)

    def close(self, message):
        """Makes the thread write the queued records and exit. Does not wait for it."""
        if self.open_task is not None:
            self.end("abandoned", "abandoned", message)
        self._queue.put(None)
        if self.thread is None:
            _writers.discard(self)

    # Methods of the writer's thread.

    def _work(self):
        while (event := self._next_event()) is not None:
            self._attempt(event)
        self._attempt(self._close_task)
        _writers.discard(self)

    def _next_event(self):
        """Returns the next event; None after `close`."""
        try:
            return self._queue.get(timeout=None if self._pending_end is None else _RETRY_INTERVAL_SECONDS)
        except queue.Empty:
            return self._try_write_end

    def _attempt(self, event):
        try:
            event()
            self.ledger.log_pending()
        except BaseException as e:  # an event must not end the thread
            self.ledger.failed("invalid", e)

    def _flush(self, done):
        if self._pending_end is not None:
            self._try_write_end()
        done.set()

    def _write_start(self, task, started):
        self._close_task()
        self._recording = self._create_recording(task, started)
        try:
            self._recording.start()
        except Exception as e:  # retried with each step
            self.ledger.failed(_loss_reason(e), e)

    def _write_step(self, task, record, frames, chars):
        recording = self._recording if self._recording is not None and self._recording.task is task else None
        try:
            if recording is None:
                raise _RecordRejected("its task could not be started")
            recording.add(record, frames)
            self.ledger.count("written")
            dropped = False
        except BaseException as e:
            self.ledger.lost(task, "dropped_steps", _loss_reason(e), e)
            dropped = True
        finally:
            with self._lock:
                self._queued_records -= 1
                self._queued_chars -= chars
        if recording is not None:
            recording.write_losses(dropped)

    def _write_end(self, task, ended):
        if self._recording is not None and self._recording.task is task:
            self._recording.redact(ended)
            self._pending_end = ended
            self._try_write_end()

    def _try_write_end(self):
        """Writes the task's end. A failed attempt is retried while the queue is empty, because a task without an end is marked
        as abandoned."""
        try:
            self._recording.end(self._pending_end)
        except Exception as e:
            self.ledger.failed(_loss_reason(e), e)
        else:
            self._pending_end = None
            self._close_task()

    def _close_task(self):
        """Closes the current task, after a last attempt to write its end."""
        if self._pending_end is not None:
            self._try_write_end()
        if self._pending_end is not None:
            self._pending_end = None
            self.ledger.count("lost_ends")
            error = _RecordRejected("a task's end could not be written; the task will be marked as abandoned")
            self.ledger.failed("lost_end", error)
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.close()


_MODEL_TEXTS = ("model_input", "model_output")


def _count_chars(value):
    """Returns the number of characters of all strings in a JSON value."""
    if isinstance(value, dict):
        return sum(map(_count_chars, value.values()))
    if isinstance(value, list):
        return sum(map(_count_chars, value))
    return len(value) if isinstance(value, str) else 0


def _loss_reason(error):
    if isinstance(error, _OutboxFull):
        return "outbox_full"
    return "outbox_unwritable" if isinstance(error, OSError) else "invalid"


_writers = set()


@atexit.register
def _on_process_exit():
    deadline = time.monotonic() + _EXIT_TIMEOUT_SECONDS
    writers = list(_writers)
    for writer in writers:
        writer.close("the process ended before the task did")
    for writer in writers:
        if writer.thread is not None:
            writer.thread.join(max(0.0, deadline - time.monotonic()))


@functools.lru_cache(maxsize=1)
def _register_exit_handler(_):
    """Registers the exit handler with multiprocessing, once per process id. A process that multiprocessing forks skips atexit
    handlers and does not inherit registrations."""
    multiprocessing = sys.modules.get("multiprocessing.util")
    if multiprocessing is not None:
        multiprocessing.Finalize(None, _on_process_exit, exitpriority=0)


def _after_fork_in_child():
    # A running step and its locks belong to the parent process.
    _this_thread.step = None
    for writer in list(_writers):
        writer.reset_state()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


# === THE OUTBOX
# Follows the rules for writers in step-format/FORMAT.md. Used only by the writer's thread.


class _TaskRecording:
    """Writes one task into the outbox. The task's folder is created on the first write. Creating it is retried after a failure,
    and repeated if the folder was removed."""

    def __init__(self, outbox, quota, redaction, ledger, task, started):
        self.task = task
        self._outbox = outbox
        self._quota = quota
        self._redaction = redaction
        self._ledger = ledger
        self._folder = None
        self._started = started
        self.redact(started)
        self._start_written = False
        self._written_losses = None
        self._dropping, self._losses_attempted_at = False, 0.0

    def start(self):
        self._open()

    def add(self, record, frames):
        self._quota.require_for_step(0)
        screenshots = [(role, screen, ScreenshotContext.of(record, role, screen)) for role, screen in frames]
        self.redact(record)
        line = self._step_line(record)
        self._quota.require_for_step(len(line))  # before the screenshots are redacted, which may be slow
        self._open()
        stored = [frame for screenshot in screenshots if (frame := self._store(*screenshot))]
        try:
            if stored:
                line = _line({**record, "frames": stored})
                self._quota.require_for_step(len(line))
            self._append(line)
        except BaseException:
            for frame in stored:  # frames without a step are never shipped
                self._quota.add(-self._folder.remove_frame(frame["file"]))
            raise

    def _step_line(self, record):
        """Returns the line of a step. If it is too long, removes what the model received and returned from the record."""
        try:
            return _line(record)
        except _RecordRejected:
            sizes = {name: len(json.dumps(record.pop(name))) for name in _MODEL_TEXTS if name in record}
            if not sizes:
                raise
            record["shortened_fields"] = sizes
            return _line(record)

    def write_losses(self, dropped):
        """Writes the losses after each step, because the process may be killed. `dropped`: whether the step was dropped. While
        consecutive steps are dropped, writes only every few seconds, to save the space that is reserved for the end."""
        now = time.monotonic()
        if dropped and self._dropping and now - self._losses_attempted_at < _LOSSES_INTERVAL_SECONDS:
            return
        self._dropping, self._losses_attempted_at = dropped, now
        try:
            self._write_losses()
        except Exception as e:
            self._ledger.failed(_loss_reason(e), e)

    def end(self, record):
        self._open()
        self._folder.use_reserve()
        self._write_losses()
        self._append(_shortened_line(record))

    def redact(self, record):
        error = self._redaction.redact_texts(record)
        if error is not None:
            self._ledger.count("withheld_texts", len(record["withheld_fields"]))
            self._ledger.failed("redaction_failed", error)

    def close(self):
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.close()

    def _open(self):
        if self._folder is not None and not self._folder.exists():
            self.close()
        if self._folder is None:
            self._folder = _TaskFolder.create(self._outbox, self.task.task_id)
            self._start_written, self._written_losses = False, None
        if not self._start_written:
            self._append(_shortened_line(self._started))
            self._start_written = True

    def _store(self, role, screen, context):
        """Writes a screenshot, and returns its frame for the record; None if the screenshot is lost."""
        try:
            png, regions = self._redaction.redact_screenshot(screen.png(), context)
            self._quota.require_for_screenshot(len(png))
            file = self._folder.write_frame(f"{context.step_number}-{role}.png", png)
        except Exception as e:
            self._ledger.lost(self.task, "dropped_screenshots", getattr(e, "reason", None) or _loss_reason(e), e)
            return None
        self._quota.add(len(png))
        width, height = struct.unpack(">II", png[16:24])
        return {
            "role": role,
            "file": file,
            **({"width": width, "height": height} if width and height else {}),
            "sensitive": screen.sensitive,
            **({"redacted_regions": regions} if regions else {}),
            "captured_at": screen.captured_at,
        }

    def _write_losses(self):
        """Writes the losses of the task if they have changed since they were last written."""
        losses = self.task.losses.by_kind()
        if any(losses.values()) and losses != self._written_losses:
            self._open()
            self._append(_line(self.task.record("losses", **{kind: counts for kind, counts in losses.items() if counts})))
            self._written_losses = losses

    def _append(self, line):
        self._quota.add(self._folder.steps.append(line))


class _TaskFolder:
    """Writes the files of a task's folder, which has no other writer."""

    def __init__(self, path):
        self._path = path
        self._frames = path / "frames"
        self._reserve = path / "reserve"
        self._lock = self.steps = None

    @staticmethod
    def create(outbox, name):
        """Creates the folder with its content. Removes it if that fails, so that a retry is possible."""
        folder = _TaskFolder(outbox / name)
        try:
            folder._path.mkdir(mode=0o700)
        except FileNotFoundError:  # the outbox was removed
            outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder._path.mkdir(mode=0o700)
        try:
            folder._create_files()
        except BaseException:
            folder.close()
            shutil.rmtree(folder._path, ignore_errors=True)
            raise
        return folder

    def _create_files(self):
        self._lock = _open_file(self._path / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_EXCL)
        _lock_exclusively(self._lock)
        self._frames.mkdir(mode=0o700)
        _write_file(self._reserve, os.urandom(_RESERVED_BYTES))  # a compressing file system would not reserve space for zeros
        self.steps = _StepsFile(self._path / "steps.jsonl")

    def exists(self):
        """Returns False if the folder was removed. Raises FileNotFoundError if only steps.jsonl is missing."""
        if self.steps.exists():
            return True
        if self._path.exists():
            raise FileNotFoundError(f"{self._path / 'steps.jsonl'} is missing, although its folder exists")
        return False

    def use_reserve(self):
        """Frees the disk space that is reserved for the end of the task, which is written next."""
        self._reserve.unlink(missing_ok=True)

    def write_frame(self, name, png):
        """Writes a frame, and returns its name for the record. Leaves no file if it raises."""
        file = self._frames / name
        temporary = file.with_name(name + ".tmp")
        try:
            _write_file(temporary, png)
            os.replace(temporary, file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return "frames/" + name

    def remove_frame(self, name):
        """Removes a frame, and returns its size."""
        try:
            size = (self._path / name).stat().st_size
            (self._path / name).unlink()
            return size
        except OSError:  # the next measurement of the quota counts its space
            return 0

    def close(self):
        try:
            self.use_reserve()
        except OSError:  # the folder was removed or is unreachable
            pass
        for file in (self.steps, self._lock):
            if file is not None:
                file.close() if file is self.steps else os.close(file)
        self.steps = self._lock = None


class _StepsFile:
    """`steps.jsonl`, to which only this writer appends complete lines."""

    def __init__(self, path):
        self._path = path
        self._file = _open_file(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
        self._end = 0  # the end of the last complete line
        self._incomplete = False  # whether the file may end with an incomplete line

    def exists(self):
        """Returns whether the file exists. If it was replaced, for example by an editor, opens the new file for later lines."""
        try:
            found = os.stat(self._path, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return False
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{self._path} is a link, a folder or a device instead of a file")
        if not os.path.samestat(found, os.fstat(self._file)):
            new_file = _open_file(self._path, os.O_WRONLY | os.O_APPEND)
            os.close(self._file)
            self._file, self._end = new_file, found.st_size
            self._incomplete = self._end > 0
        return True

    def append(self, line):
        """Appends a line, and returns the number of bytes written. If it raises, only this line is lost: an incomplete line is
        truncated, or, if that fails, the next line starts with a line feed."""
        data = memoryview((b"\n" if self._incomplete else b"") + line)
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
        except BaseException:
            self._truncate_line(written)
            raise
        self._end += written
        self._incomplete = False
        return written

    def _truncate_line(self, written):
        if self._incomplete and written:
            self._end += 1  # keep the line feed, because a reader may already have read past it
            self._incomplete = False
        try:
            os.ftruncate(self._file, self._end)
        except OSError:
            self._incomplete = True
            self._end = os.fstat(self._file).st_size  # otherwise the next truncation would remove a part of the previous line

    def close(self):
        os.close(self._file)


class _OutboxFull(OSError):
    """Raised if the outbox has reached its size limit. It accepts data again after a shipper has delivered a part of it."""


class _OutboxQuota:
    """The size limit of an outbox. Screenshots have the lowest limit, then steps; losses, starts and ends of tasks are never
    rejected.

    Adds the writer's own bytes at once, and measures the folder periodically, because other writers add files and a shipper
    removes them. Several writers may exceed the limit by what they write within ten seconds.
    """

    _FULL_INTERVAL_SECONDS, _INTERVAL_SECONDS = 1.0, 10.0  # while the limit is reached; at other times
    _PAUSE_FACTOR = 50  # measuring takes at most 1/50 of the time

    def __init__(self, folder, max_bytes):
        self._folder = folder
        self._max_bytes = max_bytes
        self._screenshot_limit = max_bytes - min(max_bytes // 8, 64 * 1024 * 1024)
        self._step_limit = max_bytes - min(max_bytes // 64, 1024 * 1024)
        self._used_bytes = self._measure_seconds = 0
        self._measured_at = None
        self._full = False

    def add(self, size):
        self._used_bytes += size

    def require_for_screenshot(self, size):
        self._require(size, self._screenshot_limit)

    def require_for_step(self, size):
        """`size`: 0 to check whether any step is accepted."""
        self._require(size, self._step_limit)

    def _require(self, size, limit):
        self._measure_if_due()
        if self._used_bytes >= limit or size > limit - self._used_bytes:
            self._full = True
            raise _OutboxFull(f"the outbox {self._folder} is full ({self._max_bytes} bytes): check that a shipper is running")

    def _measure_if_due(self):
        now = time.monotonic()
        interval = self._FULL_INTERVAL_SECONDS if self._full else self._INTERVAL_SECONDS
        pause = max(interval, self._measure_seconds * self._PAUSE_FACTOR)
        if self._measured_at is not None and now - self._measured_at < pause:
            return
        self._used_bytes = _folder_size(self._folder)
        self._full = False
        self._measured_at = time.monotonic()
        self._measure_seconds = self._measured_at - now


def _folder_size(folder):
    """Returns the size of all files, except those that are removed concurrently or cannot be read."""
    size = 0
    for path, _, files in os.walk(folder):
        for name in files:
            try:
                size += os.lstat(os.path.join(path, name)).st_size
            except OSError:
                continue
    return size


def _line(record):
    """Returns the record as a line. Raises _RecordRejected if it is longer than the step format allows."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    try:
        line = text.encode() + b"\n"
    except UnicodeEncodeError:
        # UTF-8 cannot encode an unpaired surrogate. The step format replaces it and counts the replacements.
        storable = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        replaced = storable.count("\ufffd") - text.count("\ufffd")
        line = f'{storable[:-1]}, "replaced_characters": {replaced}}}\n'.encode()
    if len(line) > _MAX_RECORD_BYTES:
        raise _RecordRejected(f"the record has {len(line)} bytes; the limit is {_MAX_RECORD_BYTES}")
    return line


def _shortened_line(record):
    """Returns the line of a start or an end, which must not be lost. If it is too long, omits optional fields and lists their
    names."""
    try:
        return _line(record)
    except _RecordRejected:
        omitted = [name for name in ("description", "model", "device_id", "metadata", "attributes", "message") if name in record]
        return _line({**{name: value for name, value in record.items() if name not in omitted}, "x_left_out": omitted})


def _open_file(path, flags):
    return os.open(path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _write_file(path, content):
    with open(_open_file(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb", buffering=0) as out:
        unwritten = memoryview(content)
        while unwritten:
            unwritten = unwritten[out.write(unwritten) :]


# === REDACTION


@dataclasses.dataclass(frozen=True)
class ScreenshotContext:
    """The step of a screenshot. `role`: `before` or `after` the action. `thinking` and `action` are not redacted."""

    task_id: str
    step_number: int
    step_type: str
    role: str
    sensitive: bool
    thinking: str | None
    action: dict | None

    @staticmethod
    def of(record, role, screen):
        # The action is a copy, so that a redactor cannot change the record.
        values = [record.get(name) for name in ("task_id", "step_number", "step_type")]
        return ScreenshotContext(*values, role, screen.sensitive, record.get("thinking"), copy.deepcopy(record.get("action")))


class _Redaction:
    """Applies the redactors. If one fails, the text or screenshot is dropped. Only the type of its exception is logged, because
    the message may contain the content. Used by the writer's thread."""

    _TEXTS = (
        *("description", "metadata", "attributes", "message"),
        *("thinking", "action", "action_result", "error_message", "model_input", "model_output"),
    )

    def __init__(self, text, screenshot):
        if text is not None and not callable(text):
            raise TypeError("redact_text must be callable")
        self._text = text
        self._screenshot = screenshot
        if screenshot is not None and not callable(screenshot):
            rectangles = _rectangles(screenshot)
            self._screenshot = lambda png, context: rectangles

    def redact_texts(self, record):
        """Redacts `record` in place. Returns the last error, or None."""
        error, withheld = None, []
        for field in self._TEXTS if self._text is not None else ():
            try:
                if field in record:
                    record[field] = self._redact(record[field])
            except BaseException as e:  # any exception drops this field only
                error = _RecordRejected(f"redact_text raised {type(e).__name__}")
                withheld.append(field)
                del record[field]
        if withheld:
            record["withheld_fields"] = withheld
        return error

    def _redact(self, value):
        if isinstance(value, dict):
            return {key: self._redact(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._redact(item) for item in value]
        if not isinstance(value, str):
            return value
        text = self._text(value)
        if text is not None and not isinstance(text, str):
            raise TypeError("redact_text must return a str or None")
        return text

    def redact_screenshot(self, png, context):
        """Returns the redacted PNG and the regions that were blacked out. Raises _ScreenshotLost."""
        if self._screenshot is None:
            return png, []
        try:
            redacted = self._screenshot(png, context)
            if isinstance(redacted, (bytes, bytearray)):
                if not _is_png(redacted):
                    raise ValueError("redact_screenshot did not return a PNG")
                return bytes(redacted), []
            if redacted is not None:
                return _black_out(png, _rectangles(redacted))
        except BaseException as e:  # any exception drops this screenshot only
            raise _ScreenshotLost("redaction_failed", f"redact_screenshot raised {type(e).__name__}") from None
        raise _ScreenshotLost("withheld", "redact_screenshot returned None")


def _rectangles(rectangles):
    try:
        return [tuple(map(operator.index, (x, y, width, height))) for x, y, width, height in rectangles]
    except (TypeError, ValueError) as e:
        raise TypeError("redact_screenshot must be callable or rectangles (x, y, width, height) of whole numbers") from e


# === PNG

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type: grey, RGB, palette, grey and alpha, RGBA


def _is_png(data):
    return data[:8] == _PNG_SIGNATURE and data[12:16] == b"IHDR" and len(data) >= 24


def _black_out(png, rectangles):
    """Blacks out rectangles. Returns the PNG and, as in `redacted_regions`, the parts of the rectangles inside the image.

    Keeps only the chunks that are needed to display the image. Raises ValueError for a PNG that is damaged, interlaced, not 8
    bits per channel, or larger than 16 million pixels.
    """
    chunks = list(_chunks(png))
    width, height, bits, colour_type, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if bits != 8 or interlaced or colour_type not in _CHANNELS or not 0 < width * height <= _MAX_REDACTED_PIXELS:
        raise ValueError("the PNG is interlaced, too large or not 8 bits per channel")
    regions = [region for rectangle in rectangles if (region := _clip(width, height, *rectangle))]
    if not regions:
        return png, []
    row_size = 1 + width * _CHANNELS[colour_type]
    compressed = b"".join(data for kind, data in chunks if kind == b"IDAT")
    rows = bytearray(zlib.decompressobj().decompress(compressed, row_size * height))
    if len(rows) != row_size * height:
        raise ValueError("the PNG is truncated")
    _black_out_rows(rows, row_size, regions, _black(colour_type, dict(chunks).get(b"PLTE", b"")))
    kept = [(kind, data) for kind, data in chunks if kind in (b"IHDR", b"PLTE", b"tRNS")]
    kept += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return _PNG_SIGNATURE + b"".join(_chunk(kind, data) for kind, data in kept), regions


def _chunks(png):
    offset = len(_PNG_SIGNATURE)
    while offset < len(png):
        size = int.from_bytes(png[offset : offset + 4], "big")
        yield png[offset + 4 : offset + 8], png[offset + 8 : offset + 8 + size]
        offset += size + 12


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def _clip(image_width, image_height, x, y, width, height):
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + width, image_width), min(y + height, image_height)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top} if left < right and top < bottom else None


def _black(colour_type, palette):
    """Returns an opaque black pixel, or the index of the darkest colour of a palette."""
    if colour_type == 3:
        return bytes([min(range(len(palette) // 3), key=lambda i: sum(palette[3 * i : 3 * i + 3]))])
    return {0: b"\0", 2: b"\0\0\0", 4: b"\0\xff", 6: b"\0\0\0\xff"}[colour_type]


def _black_out_rows(rows, row_size, regions, black):
    """Blacks out regions in place. `rows`: each row has `row_size` bytes, a filter byte and the filtered bytes.

    Replaces rows with a region, and the row below each, whose filter may depend on the original row. Decodes only these and
    the rows on which their filters depend, because decoding a whole screen takes half a second."""
    height = len(rows) // row_size
    filters = bytes(rows[::row_size])
    painted = [[region for region in regions if 0 <= y - region["y"] < region["height"]] for y in range(height)]
    replaced = [bool(painted[y] or (y and painted[y - 1])) for y in range(height)]
    decoded = [*replaced, False]
    for y in reversed(range(height)):
        decoded[y] = replaced[y] or (decoded[y + 1] and filters[y + 1] >= 2)  # filters 2, 3 and 4 use the row above
    row = bytes(row_size - 1)
    for y in range(height):
        if decoded[y]:
            start = y * row_size
            row = _unfilter(filters[y], rows[start + 1 : start + row_size], row, len(black))
            if replaced[y]:
                pixels = bytearray(row)
                for region in painted[y]:
                    left, right = region["x"] * len(black), (region["x"] + region["width"]) * len(black)
                    pixels[left:right] = black * region["width"]
                rows[start : start + row_size] = b"\0" + pixels


def _unfilter(filter_type, row, above, pixel):
    """Decodes a row. `pixel`: the bytes per pixel, which is the distance to the same channel of the pixel on the left."""
    if filter_type == 0:
        return row
    if filter_type == 1:
        return _prefix_sums(row, pixel)
    if filter_type == 2:
        return _add_bytes(int.from_bytes(row, "little"), int.from_bytes(above, "little"), len(row)).to_bytes(len(row), "little")
    predict = {3: _average, 4: _paeth}[filter_type]
    plain = bytearray(len(row))
    for channel in range(pixel):
        plain[channel::pixel] = predict(row[channel::pixel], above[channel::pixel])
    return plain


def _add_bytes(a, b, size):
    """Adds two rows of `size` bytes without carry between bytes. Adding whole rows as integers is faster than a loop."""
    low, high = int.from_bytes(b"\x7f" * size, "little"), int.from_bytes(b"\x80" * size, "little")
    return ((a & low) + (b & low)) ^ ((a ^ b) & high)


def _prefix_sums(row, pixel):
    """Returns the prefix sums of each channel. Doubles the distance in each round, so that few rounds are needed."""
    sums, distance = int.from_bytes(row, "little"), pixel
    while distance < len(row):
        sums = _add_bytes(sums, sums << 8 * distance, len(row))
        distance *= 2
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
        if up == corner:  # the common case on screens, in which the left byte is nearest
            near = left
        else:
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            near = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        left = byte + near & 255
        plain.append(left)
        corner = up
    return plain


# === UTILITIES


def _strip_secrets(url):
    """Returns the scheme, host, port and path of a URL, because user, password, query and fragment may be secrets. Returns None
    if `url` cannot be parsed reliably."""
    parts = urllib.parse.urlsplit(url if isinstance(url, str) else "")
    if not parts.scheme or not parts.hostname or "@" in parts.path:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path.partition(';')[0]}"


def _elapsed_ms(started_at):
    return max(0, round((time.monotonic() - started_at) * 1000))


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds")


def _uuid7():
    """Returns a UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits around version and variant."""
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
