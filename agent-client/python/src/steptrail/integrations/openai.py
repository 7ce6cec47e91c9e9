"""Observes the requests of an OpenAI client.

    from openai import OpenAI
    import steptrail
    from steptrail.integrations.openai import track

    client = track(OpenAI())
    with steptrail.task("Turn the volume up", model="gpt-5") as task:
        reply = client.chat.completions.create(model="gpt-5", messages=…)
        task.step(action=…)

It works with `OpenAI` and `AsyncOpenAI` of version 1 and later and with clients of the same shape,
and observes `create` and `parse` of `chat.completions` and `responses`.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, TypeVar

from .._tracker import Step, Task, current_step, current_task
from .._usage import ModelCall, Usage
from ._wrapping import attribute, observing, wrap

__all__ = ["track", "untrack"]

Client = TypeVar("Client")

_RESOURCES = ("chat.completions", "responses")
_METHODS = ("create", "parse")
_RESTORES = "_steptrail_restores"


def track(client: Client, *, include_usage: bool = False) -> Client:
    """Adds the requests of `client` to the steps in which they are made, and returns `client`.

    A request belongs to the current step of its thread or asyncio task, from `Task.begin_step`;
    without one, to the next step of the current task, from `steptrail.task`. Other requests are not
    recorded. The step receives the model, the tokens, the duration and the time to the first token;
    if the tracker was created with `record_model_calls=True`, also the messages and the text of the
    reply. A stream is added to the step when it has been read to its end or is closed.

    Requests, replies and exceptions are unchanged. Copies of the client, such as that of
    `client.with_options`, are not tracked. Tracking a tracked client again does nothing.

    include_usage: ask the server to report the tokens of streamed chat completions, by adding
        `stream_options={"include_usage": True}` to requests without `stream_options`. This changes
        the requests: a server that does not know the option may reject them, and the stream ends
        with a chunk without choices. Tokens that a server reports unasked are always recorded.
        Default False.

    Raises TypeError if the client has no `chat.completions.create` and no `responses.create`.
    """
    if attribute(client, _RESTORES) is None:
        restores = wrap_client(client, include_usage)
        if not restores:
            kind = type(client).__name__
            raise TypeError(f"{kind} is not an OpenAI client: it has no chat.completions.create")
        setattr(client, _RESTORES, restores)
    return client


def untrack(client: Client) -> Client:
    """Stops recording the requests of `client`, and returns `client`."""
    restores = attribute(client, _RESTORES)
    if restores is not None:
        delattr(client, _RESTORES)
        for restore in restores:
            restore()
    return client


def wrap_client(client: object, include_usage: bool) -> list[Callable[[], None]]:
    """Wraps the methods of a client, which agents may share, and returns what restores them.

    Returns an empty list if `client` is not an OpenAI client.
    """
    observe = functools.partial(_observe, include_usage)
    return [
        wrap(resource, name, observe)
        for path in _RESOURCES
        if (resource := attribute(client, path)) is not None
        for name in _METHODS
        if callable(attribute(resource, name))
    ]


class _Request:
    """A request in progress, which becomes a `ModelCall` of a step."""

    def __init__(self, owner: Step | Task, kwargs: Mapping[str, Any]) -> None:
        task = owner.task if isinstance(owner, Step) else owner
        self._owner = owner
        self._model = kwargs.get("model")
        self._records_messages = task.tracker.record_model_calls
        self._input: Any = None
        self._parts: list[str] = []
        self._usage: Usage | None = None
        self._time_to_first_token: float | None = None
        self._ended = False
        if self._records_messages:
            with observing("the messages of a request"):
                self._input = _copy(kwargs.get("messages", kwargs.get("input")))
        self._started_at = time.monotonic()

    def reply(self, reply: Any) -> None:
        duration = self._elapsed()
        with observing("the reply of a model"):
            self._usage = Usage.of(getattr(reply, "usage", None))
            self._append(_text(reply))
        self._end(duration)

    def chunk(self, chunk: Any) -> None:
        with observing("a chunk of a stream"):
            # The last event of the Responses API contains the whole response.
            usage = getattr(getattr(chunk, "response", chunk), "usage", None)
            self._usage = Usage.of(usage) or self._usage
            text = _delta(chunk)
            if text and self._time_to_first_token is None:
                self._time_to_first_token = self._elapsed()
            self._append(text)

    def close(self, close: Callable[..., Any], *args: Any) -> Any:
        """Closes a stream, which may not have been read to its end."""
        self.end()
        return close(*args)

    def end(self) -> None:
        self._end(self._elapsed())

    def _elapsed(self) -> float:
        return time.monotonic() - self._started_at

    def _append(self, text: str | None) -> None:
        if text and self._records_messages:
            self._parts.append(text)

    def _end(self, duration: float) -> None:
        if self._ended:
            return
        self._ended = True
        self._owner.add_model_call(
            ModelCall(
                model=self._model if isinstance(self._model, str) else None,
                usage=self._usage,
                duration=duration,
                time_to_first_token=self._time_to_first_token,
                input=self._input,
                output="".join(self._parts) or None,
            )
        )


def _observe(include_usage: bool, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    owner = current_step() or current_task()
    if owner is None:
        return function(*args, **kwargs)
    if include_usage and kwargs.get("stream") is True and "messages" in kwargs:
        kwargs.setdefault("stream_options", {"include_usage": True})
    request = _Request(owner, kwargs)
    try:
        reply = function(*args, **kwargs)
    except BaseException:
        request.end()
        raise
    return _await(reply, request) if inspect.isawaitable(reply) else _observe_reply(reply, request)


async def _await(awaitable: Any, request: _Request) -> Any:
    try:
        reply = await awaitable
    except BaseException:
        request.end()
        raise
    return _observe_reply(reply, request)


def _observe_reply(reply: Any, request: _Request) -> Any:
    """Returns `reply`. A stream stays the client's object; only the iterator in it is replaced."""
    chunks = attribute(reply, "_iterator")
    if chunks is None:
        request.reply(reply)
        return reply
    observe = _observe_async_stream if hasattr(chunks, "__anext__") else _observe_stream
    reply._iterator = observe(chunks, request)
    wrap(reply, "close", request.close)
    return reply


def _observe_stream(chunks: Iterator[Any], request: _Request) -> Iterator[Any]:
    try:
        for chunk in chunks:
            request.chunk(chunk)
            yield chunk
    finally:
        request.end()


async def _observe_async_stream(
    chunks: AsyncIterator[Any], request: _Request
) -> AsyncIterator[Any]:
    try:
        async for chunk in chunks:
            request.chunk(chunk)
            yield chunk
    finally:
        request.end()


def _delta(chunk: Any) -> str | None:
    """Returns the text of a chunk of the Chat Completions or the Responses API."""
    choices = getattr(chunk, "choices", None)
    source = getattr(choices[0], "delta", None) if choices else chunk
    text = getattr(source, "content", None) if choices else getattr(source, "delta", None)
    return text if isinstance(text, str) else None


def _text(reply: Any) -> str | None:
    """Returns the text of a reply of the Chat Completions or the Responses API."""
    choices = getattr(reply, "choices", None)
    if choices:
        text = getattr(getattr(choices[0], "message", None), "content", None)
    else:
        text = getattr(reply, "output_text", None)
    return text if isinstance(text, str) else None


def _copy(value: Any) -> Any:
    """Copies messages, because the agent may change them. Texts, such as images, are shared."""
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copy(item) for item in value]
    dump = getattr(value, "model_dump", None)
    return dump(exclude_none=True) if callable(dump) else value
