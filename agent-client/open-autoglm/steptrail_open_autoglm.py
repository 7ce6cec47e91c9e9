"""Records what an Open-AutoGLM PhoneAgent does into a Steptrail outbox.

    from steptrail_open_autoglm import tracked

    agent = tracked(PhoneAgent(model_config, agent_config), outbox="outbox")
    agent.run("Open the camera")

`steptrail ship` delivers the outbox. Needs Python 3.10 or later and nothing but its standard library; the outbox and its
records are those of step-format/README.md. What stands here leans on these parts of Open-AutoGLM: `agent._execute_step`,
`agent.run`, `agent.reset`, `agent.model_client.request`, `agent.action_handler.execute` with its callbacks, and
`get_device_factory` (or the older `get_screenshot`) in the module of `_execute_step`.
"""

import atexit
import base64
import binascii
import collections
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
import struct
import threading
import time
import uuid
import weakref
import zlib
from collections.abc import Mapping

__all__ = ["Recording", "ScreenshotContext", "tracked"]

MAX_QUEUED_RECORDS = 10_000
MAX_QUEUED_SCREENSHOT_CHARS = 64 * 1024 * 1024
_EXIT_PATIENCE_SECONDS = 10.0
_MAX_DEPTH = 100  # the step format allows 200 objects and arrays inside each other
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_REDACTED_PIXELS = 16_000_000

_log = logging.getLogger("steptrail")
_this_thread = threading.local()  # .step: the step that an agent takes on this thread


def tracked(agent, outbox, *, after_frames=False, metadata=None, redact_text=None, redact_screenshot=None):
    """Returns `agent` itself, which from now on records each task that it runs.

    What `run` and `step` return or raise stays as it is, and they wait for nothing: steps go through a queue to a thread that
    writes them. What cannot be recorded is counted in the task's `losses` and logged once by the logger `steptrail`.

    agent: a phone_agent.PhoneAgent or an object of a subclass.
    outbox: the folder to record into, made if absent; several agents may share it.
    after_frames: also keep the screen after each action. It is one more capture on the phone, for which the agent waits.
    metadata: a dict of whatever else is worth keeping with each task.
    redact_text: called with each text before it is written, gives what of it may be kept, None for nothing. The texts are
        thinking, error messages, the strings in actions, their results and metadata (not their keys), a task's description
        and its last message. A field on which it raises is left out, named in the record's `withheld_fields` and counted.
    redact_screenshot: rectangles (x, y, width, height) in pixels from the upper left corner to black out in each screenshot;
        or a callable, called with its PNG as bytes and a ScreenshotContext, which gives such rectangles, another PNG as bytes
        to be kept in its place, or None to keep nothing, counted as `withheld`. A screenshot on which it raises, or in which
        rectangles cannot be blacked out, is not kept, and counted as `redaction_failed`.

    The redactors are called on the writer's thread, which waits for them; slow ones make the queue grow, not the agent wait.

    `agent.steptrail` is the Recording. Raises TypeError for an agent that cannot be tracked or a redactor that is none,
    ValueError for an agent that is tracked already, and OSError if the outbox cannot be made.
    """
    missing = [name for name in _LEANS_ON if not callable(_attribute(agent, name))]
    if missing:
        raise TypeError(f"{type(agent).__name__} is no Open-AutoGLM PhoneAgent: it has no {', '.join(missing)}")
    if isinstance(getattr(agent, "steptrail", None), Recording):
        raise ValueError("this agent is tracked already")
    redaction = _Redaction(redact_text, redact_screenshot)
    outbox = pathlib.Path(outbox)
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    writer = _Writer(outbox, redaction)
    agent.steptrail = Recording(agent, writer, after_frames, dict(metadata or {}))
    weakref.finalize(agent, writer.close, "the agent was discarded before the task ended").atexit = False
    return agent


_LEANS_ON = ("run", "reset", "_execute_step", "model_client.request", "action_handler.execute")


def _attribute(target, path):
    for name in path.split("."):
        target = getattr(target, name, None)
    return target


def _never_raises(method):
    """For what runs on the agent's thread: a failure of ours is counted and logged, and the agent goes on."""

    @functools.wraps(method)
    def guarded(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except Exception as e:
            self._writer.failed("invalid", e)
            return None

    return guarded


class Recording:
    """What is recorded of one agent. Its methods may be called from any thread."""

    def __init__(self, agent, writer, after_frames, metadata):
        self._agent = weakref.ref(agent)
        self._writer = writer
        self._after_frames = after_frames
        self._metadata = metadata
        self._last_task = None
        self._watch(agent)

    @property
    def task_id(self):
        """The id of the task that is being recorded, or else of the last one; None before the first."""
        task = self._writer.open_task or self._last_task
        return task.task_id if task else None

    def flush(self, timeout=10.0):
        """Waits until what was recorded before is in the outbox; False if that took longer than `timeout` seconds."""
        return self._writer.flush(timeout)

    def stats(self):
        """A dict: `written` records, `dropped_steps` and `dropped_screenshots` by reason, `withheld_texts`, and `last_error` as
        text or None."""
        return self._writer.stats()

    # --- Around the agent's methods. Each calls the agent's own exactly as it was called.

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
        self._end("failed", "max_steps", result if isinstance(result, str) else None)
        return result

    def _reset(self, reset, *args, **kwargs):
        self._end("cancelled", "cancelled", "the agent was reset")
        return reset(*args, **kwargs)

    def _execute_step(self, execute_step, *args, **kwargs):
        step = self._step_begins(*args, **kwargs)
        outer = getattr(_this_thread, "step", None)
        _this_thread.step = step
        try:
            result = execute_step(*args, **kwargs)
        except BaseException as e:
            self._step_raised(step, e)
            raise
        finally:
            _this_thread.step = outer
        self._step_ends(step, result)
        return result

    def _agent_config(self):
        return getattr(self._agent(), "agent_config", None)

    # --- What becomes of it.

    @_never_raises
    def _step_begins(self, user_prompt=None, is_first=False, *_, **__):
        if is_first:
            self._end("cancelled", "cancelled", "the agent began another task")
        if self._writer.open_task is None:
            # A step after the end without a reset goes on with the same conversation.
            before = None if is_first else self._last_task
            self._begin(user_prompt or (before.description if before else None), before)
        return _Step()

    def _begin(self, description, before):
        config, model = self._agent_config(), getattr(self._agent(), "model_config", None)
        metadata = {
            "max_steps": getattr(config, "max_steps", None),
            "lang": getattr(config, "lang", None),
            "base_url": getattr(model, "base_url", None),
        }
        task = _Task(description)
        self._writer.begin(
            task,
            task.record(
                "task_started",
                description=description,
                agent="Open-AutoGLM",
                model=getattr(model, "model_name", None),
                device_id=getattr(config, "device_id", None),
                continues=before.task_id if before else None,
                metadata={**{name: value for name, value in metadata.items() if value is not None}, **self._metadata},
            ),
        )

    @_never_raises
    def _step_ends(self, step, result):
        task = self._writer.open_task
        if step is None or task is None:
            return
        finished = bool(getattr(result, "finished", False))
        after = None
        if self._after_frames and not finished and step.look is not None:
            after = self._look_again(task, step)
        self._record(task, step, result, after)
        if finished:
            self._end(*step.ending(result), getattr(result, "message", None))

    @_never_raises
    def _step_raised(self, step, error):
        task = self._writer.open_task
        if step is not None and task is not None:
            step.error = step.error or error
            self._record(task, step, None, None)

    def _record(self, task, step, result, after):
        number = task.next_number()
        try:
            record = task.record("step", step_number=number, **step.fields(result))
        except Exception as e:
            self._writer.lost(task, "dropped_steps", "invalid", 1, e)
            return
        frames = [(role, screen) for role, screen in (("before", step.screen), ("after", after)) if screen is not None]
        self._writer.record(task, record, frames)

    def _look_again(self, task, step):
        try:
            return _Screen.of(step.look(self._agent_config().device_id))
        except Exception as e:
            self._writer.lost(task, "dropped_screenshots", "not_captured", 1, e)
            return None

    @_never_raises
    def _broke_off(self, error):
        if isinstance(error, Exception):
            self._end("failed", "ended_without_finish", _reason(error))
        else:  # KeyboardInterrupt, SystemExit: somebody stopped it
            self._end("cancelled", "cancelled", _reason(error))

    @_never_raises
    def _end(self, status, ending, message=None):
        if self._writer.open_task is not None:
            self._last_task = self._writer.open_task
            self._writer.end(status, ending, message if message is None else str(message))


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


# --- Around what a step calls. Outside of a tracked step, each is the call alone.


def _device_factory(get_device_factory, *args, **kwargs):
    factory = get_device_factory(*args, **kwargs)
    return factory if getattr(_this_thread, "step", None) is None else _WatchedFactory(factory)


class _WatchedFactory:
    """The agent's device factory, whose captures its step sees too."""

    def __init__(self, factory):
        self._factory = factory

    def __getattr__(self, name):
        return getattr(self._factory, name)

    def get_screenshot(self, *args, **kwargs):
        return _get_screenshot(self._factory.get_screenshot, *args, **kwargs)


def _get_screenshot(get_screenshot, *args, **kwargs):
    step = getattr(_this_thread, "step", None)
    if step is None:
        return get_screenshot(*args, **kwargs)
    began = time.monotonic()
    screenshot = get_screenshot(*args, **kwargs)
    step.timings["screenshot_ms"] = _since(began)
    step.look = get_screenshot
    step.screen = _Screen.of(screenshot)
    return screenshot


def _request(request, *args, **kwargs):
    step = getattr(_this_thread, "step", None)
    if step is None:
        return request(*args, **kwargs)
    began = time.monotonic()
    try:
        step.response = request(*args, **kwargs)
        return step.response
    except BaseException as e:
        step.model_failed, step.error = True, e
        raise
    finally:
        step.timings["model_ms"] = _since(began)


def _execute(execute, action, *args, **kwargs):
    step = getattr(_this_thread, "step", None)
    if step is None:
        return execute(action, *args, **kwargs)
    if step.action is None:
        step.action = action
    began = time.monotonic()
    try:
        result = execute(action, *args, **kwargs)
        if step.error is None:  # else it is the `finish` that the agent executes in place of what raised
            step.result = result
        return result
    except BaseException as e:
        step.error = e
        raise
    finally:
        step.timings.setdefault("action_ms", _since(began))


def _ask(name, callback, *args, **kwargs):
    """A person is asked: how long that took, and whether a sensitive action was allowed."""
    step = getattr(_this_thread, "step", None)
    if step is None:
        return callback(*args, **kwargs)
    began = time.monotonic()
    answer = callback(*args, **kwargs)
    if name == "takeover_callback":
        step.timings["take_over_ms"] = _since(began)
    else:
        step.timings["confirmation_ms"] = _since(began)
        step.confirmed = bool(answer)
    return answer


class _Step:
    """What was seen of one step while the agent took it."""

    def __init__(self):
        self.timestamp = _now()
        self.began = time.monotonic()
        self.timings = {}
        self.look = self.screen = self.response = self.action = self.result = self.error = self.confirmed = None
        self.model_failed = False

    def fields(self, result):
        action = self._action(result)
        thinking = getattr(result, "thinking", None) or getattr(self.response, "thinking", None)
        success, error_message = self._outcome(result, action)
        return {
            "timestamp": self.timestamp,
            "step_type": self._step_type(action),
            "thinking": thinking or None,
            "action": action,
            "action_result": self._action_result(),
            "duration_ms": _since(self.began),
            "success": success,
            "error_message": error_message,
            "timings": {**self.timings, **self._model_timings()},
        }

    def ending(self, result):
        """Status and ending of a task of which this was the last step."""
        if self.model_failed:
            return "failed", "model_error"
        action = self._action(result)
        if self._unparseable(action):
            return "failed", "unparseable_reply"
        if self.confirmed is False:
            return "cancelled", "cancelled"
        if self.error is None and _metadata(action) == "finish":
            return "succeeded", "finished"
        return "failed", "ended_without_finish"

    def _action(self, result):
        return self.action if getattr(result, "action", None) is None else result.action

    def _step_type(self, action):
        if action is None or self._unparseable(action):
            return "error"
        return "completion" if _metadata(action) == "finish" else "action"

    def _outcome(self, result, action):
        if self.error is not None:
            return False, _reason(self.error)
        if self._unparseable(action):
            return False, "the model's reply is no action: it could not be parsed"
        success = bool(getattr(self.result or result, "success", False))
        return success, None if success else getattr(self.result or result, "message", None) or "no reason was given"

    def _unparseable(self, action):
        """The agent makes a reply that it cannot parse a `finish` with the whole reply as its message."""
        reply = getattr(self.response, "action", None)
        return reply is not None and _metadata(action) == "finish" and action.get("message") == reply

    def _action_result(self):
        if self.result is None:
            return None
        told = {"success": bool(self.result.success), "should_finish": bool(getattr(self.result, "should_finish", False))}
        if getattr(self.result, "message", None) is not None:
            told["message"] = self.result.message
        if self.confirmed is not None:
            told["confirmed"] = self.confirmed
        return told

    def _model_timings(self):
        """The model client's own measurements, in seconds, are nearer to the model than ours around it."""
        names = {"time_to_first_token": "time_to_first_token_ms", "time_to_thinking_end": "time_to_thinking_end_ms", "total_time": "model_ms"}
        times = {to: getattr(self.response, name, None) for name, to in names.items()}
        return {to: round(seconds * 1000) for to, seconds in times.items() if isinstance(seconds, (int, float)) and math.isfinite(seconds)}


def _metadata(action):
    return action.get("_metadata") if isinstance(action, Mapping) else None


class _Screen:
    """A capture, still in base64: to decode it is the writer's work."""

    def __init__(self, base64_data, sensitive):
        self.base64_data = base64_data
        self.sensitive = sensitive
        self.captured_at = _now()

    @staticmethod
    def of(screenshot):
        data = getattr(screenshot, "base64_data", None)
        return _Screen(data, bool(getattr(screenshot, "is_sensitive", False))) if data else None

    def png(self):
        try:
            data = base64.b64decode(self.base64_data)
        except (binascii.Error, TypeError, ValueError) as e:
            raise _NoPicture("not_an_image", "the screenshot is not base64") from e
        if not _is_png(data):
            raise _NoPicture("not_an_image", "the screenshot is no PNG")
        return data


def _is_png(data):
    return data[:8] == _PNG_SIGNATURE and data[12:16] == b"IHDR" and len(data) >= 24


class _NoPicture(Exception):
    """Why there is none: `reason` is what it is counted as."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


class _Task:
    """A task's names and numbers, on the agent's side."""

    def __init__(self, description):
        self.task_id = _uuid7()
        self.description = description
        self.last_number = 0
        self.folder = None  # the writer's

    def next_number(self):
        self.last_number += 1
        return self.last_number

    def record(self, kind, timestamp=None, **fields):
        record = {"v": 1, "record": kind, "task_id": self.task_id, "timestamp": timestamp or _now()}
        record.update((name, _plain(value)) for name, value in fields.items() if value is not None)
        return record


class _Writer:
    """The queue and the thread that empties it. What is put in never waits and never raises."""

    def __init__(self, outbox, redaction):
        self.open_task = None
        self._outbox = outbox
        self._redaction = redaction
        self._queue = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._queued_records = self._queued_chars = self._written = self._withheld = 0
        self._dropped = {"dropped_steps": collections.Counter(), "dropped_screenshots": collections.Counter()}
        self._last_error = None
        self._told = set()
        self.thread = threading.Thread(target=self._work, name="steptrail-writer", daemon=True)
        self.thread.start()
        _writers.add(self)

    def begin(self, task, started):
        task.folder = _TaskFolder(self._outbox, started)
        self.open_task = task
        self._queue.put(functools.partial(self._redact_texts, started))

    def record(self, task, record, frames):
        chars = sum(len(screen.base64_data) for _, screen in frames)
        with self._lock:
            full = self._queued_records >= MAX_QUEUED_RECORDS
            frames_full = not full and frames and self._queued_chars + chars > MAX_QUEUED_SCREENSHOT_CHARS
            chars = 0 if frames_full else chars
            if not full:
                self._queued_records += 1
                self._queued_chars += chars
        if full:
            self.lost(task, "dropped_steps", "queue_full")
            return
        if frames_full:
            self.lost(task, "dropped_screenshots", "frame_queue_full", len(frames))
        self._queue.put(functools.partial(self._write_step, task, record, [] if frames_full else frames, chars))

    def end(self, status, ending, message):
        task, self.open_task = self.open_task, None
        ended = {"status": status, "ending": ending, "message": message, "last_step_number": task.last_number}
        self._queue.put(functools.partial(self._write_end, task, task.record("task_ended", **ended)))

    def flush(self, timeout):
        done = threading.Event()
        self._queue.put(done.set)
        return done.wait(timeout)

    def close(self, message):
        """Writes what is queued and ends the thread, which this does not wait for."""
        if self.open_task is not None:
            self.end("abandoned", "abandoned", message)
        self._queue.put(None)

    def lost(self, task, kind, reason, count=1, error=None):
        with self._lock:
            task.folder.losses[kind][reason] += count
            task.folder.losses_changed = True
            self._dropped[kind][reason] += count
        self.failed(reason, error)

    def failed(self, reason, error):
        """Says a reason once: an agent that steps on must not fill the log."""
        if error is not None:
            self._last_error = f"{type(error).__name__}: {error}"
        if reason not in self._told:
            self._told.add(reason)
            _log.warning("steptrail cannot record everything (%s)%s", reason, f": {self._last_error}" if error else "")

    def stats(self):
        with self._lock:
            dropped = {kind: dict(counts) for kind, counts in self._dropped.items()}
            return {"written": self._written, **dropped, "withheld_texts": self._withheld, "last_error": self._last_error}

    # --- On the writer's thread.

    def _work(self):
        while (work := self._queue.get()) is not None:
            try:
                work()
            except Exception as e:
                self.failed("outbox_unwritable", e)
        _writers.discard(self)

    def _write_step(self, task, record, frames, chars):
        try:
            written = [frame for role, screen in frames if (frame := self._write_frame(task, record, role, screen))]
            if written:
                record["frames"] = written
            self._redact_texts(record)
            task.folder.append(record)
            self._written += 1
        except (OSError, ValueError) as e:
            self.lost(task, "dropped_steps", "outbox_unwritable", 1, e)
        finally:
            with self._lock:
                self._queued_records -= 1
                self._queued_chars -= chars
        self._write_losses(task)

    def _write_frame(self, task, record, role, screen):
        try:
            png, regions = self._redaction.screenshot(screen.png(), ScreenshotContext.of(record, role, screen))
            width, height = struct.unpack(">II", png[16:24])
            file = task.folder.frame(f"{record['step_number']}-{role}.png", png)
        except (_NoPicture, OSError) as e:
            self.lost(task, "dropped_screenshots", getattr(e, "reason", "outbox_unwritable"), 1, e)
            return None
        return {
            "role": role,
            "file": file,
            **({"width": width, "height": height} if width and height else {}),
            "sensitive": screen.sensitive,
            **({"redacted_regions": regions} if regions else {}),
            "captured_at": screen.captured_at,
        }

    def _redact_texts(self, record):
        error = self._redaction.texts(record)
        if error is not None:
            self._withheld += len(record["withheld_fields"])
            self.failed("redaction_failed", error)

    def _write_losses(self, task):
        with self._lock:
            if not task.folder.losses_changed:
                return
            task.folder.losses_changed = False
            losses = {kind: dict(counts) for kind, counts in task.folder.losses.items() if counts}
        try:
            task.folder.append(task.record("losses", **losses))
        except OSError as e:
            task.folder.losses_changed = True
            self.failed("outbox_unwritable", e)

    def _write_end(self, task, ended):
        self._write_losses(task)
        self._redact_texts(ended)
        try:
            task.folder.append(ended)
        finally:
            task.folder.close()


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
        return ScreenshotContext(*told, role, screen.sensitive, record.get("thinking"), _plain(record.get("action")))


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
                error = RuntimeError(f"redact_text raised {type(e).__name__}")
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


# --- PNG, as far as it takes to black out rectangles.

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type: grey, RGB, palette, grey and alpha, RGBA


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


_writers = set()


@atexit.register
def _process_ends():
    patience = time.monotonic() + _EXIT_PATIENCE_SECONDS
    writers = list(_writers)
    for writer in writers:
        writer.close("the process ended before the task did")
    for writer in writers:
        writer.thread.join(max(0.0, patience - time.monotonic()))


class _TaskFolder:
    """A task's folder in the outbox, made when its first record is written. Used by the writer's thread alone, but `losses`."""

    def __init__(self, outbox, started):
        self.losses = {"dropped_steps": collections.Counter(), "dropped_screenshots": collections.Counter()}
        self.losses_changed = False
        self._path = outbox / started["task_id"]
        self._started = started
        self._made = self._torn = False
        self._lock = self._steps = None

    def append(self, record):
        self._open()
        self._write_line(record)

    def frame(self, name, png):
        self._open()
        file = self._path / "frames" / name
        unfinished = file.with_name(name + ".tmp")
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600), "wb") as out:
                out.write(png)
            os.replace(unfinished, file)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        return "frames/" + name

    def close(self):
        for file in (self._steps, self._lock):
            if file is not None:
                os.close(file)
        self._steps = self._lock = None

    def _open(self):
        if not self._made:
            self._path.mkdir(mode=0o700)
            self._made = True
        if self._lock is None:
            self._lock = os.open(self._path / "writer.lock", os.O_RDWR | os.O_CREAT, 0o600)
            _lock_exclusively(self._lock)
        if self._steps is None:
            (self._path / "frames").mkdir(mode=0o700, exist_ok=True)
            self._steps = os.open(self._path / "steps.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
        if self._started is not None:
            self._write_line(self._started)
            self._started = None

    def _write_line(self, record):
        line = (b"\n" if self._torn else b"") + _line(record)
        self._torn = True
        while line:
            line = line[os.write(self._steps, line) :]
        self._torn = False


_BINARY = getattr(os, "O_BINARY", 0)

if os.name == "nt":
    import msvcrt

    def _lock_exclusively(file):
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock_exclusively(file):
        fcntl.lockf(file, fcntl.LOCK_EX)


def _line(record):
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair can only be written escaped
        return json.dumps(record, allow_nan=False).encode() + b"\n"


def _plain(value, depth=0):
    """`value` as JSON can hold it, and a copy: the agent may change its own afterwards."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= 1024 else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if depth >= _MAX_DEPTH:
        return "…"
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else repr(key): _plain(held, depth + 1) for key, held in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(held, depth + 1) for held in value]
    return repr(value)


def _reason(error):
    return str(error) or type(error).__name__


def _since(began):
    return max(0, round((time.monotonic() - began) * 1000))


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds")


def _uuid7():
    """RFC 9562, section 5.7: 48 bits of milliseconds, then random ones around version and variant."""
    bits = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    return str(uuid.UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62))
