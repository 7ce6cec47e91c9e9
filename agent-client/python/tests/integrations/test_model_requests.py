"""Requests of clients with the shape of an OpenAI client."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from recorded import RecordedOutbox
from steptrail import Tracker
from steptrail.integrations import openai

USAGE = SimpleNamespace(prompt_tokens=7, completion_tokens=1)


class Stream:
    """Like `openai.Stream`.

    error: raised after the first chunk.
    """

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self._iterator = self._chunks()

    def _chunks(self) -> Iterator[Any]:
        delta = SimpleNamespace(content="Hello")
        yield SimpleNamespace(choices=[SimpleNamespace(delta=delta)], usage=USAGE)
        if self._error is not None:
            raise self._error

    def __iter__(self) -> Iterator[Any]:
        yield from self._iterator

    def close(self) -> None:
        pass


class Client:
    def __init__(self, reply: Any) -> None:
        self.requests: list[dict[str, Any]] = []
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self._create))
        self._reply = reply

    def _create(self, **request: Any) -> Any:
        self.requests.append(request)
        return self._reply


def test_stream_that_fails_is_added_to_its_step(tracker: Tracker, outbox: RecordedOutbox) -> None:
    client = openai.track(Client(Stream(ConnectionError("no connection"))))
    with tracker.task("x") as task:
        with task.begin_step(), pytest.raises(ConnectionError):
            list(client.chat.completions.create(model="gpt-test", messages=[], stream=True))
        task.step("no call")
    tracker.flush()

    failed, other = outbox.task.steps
    assert failed["x_model"] == "gpt-test"
    assert failed["usage"] == {"input_tokens": 7, "output_tokens": 1}
    assert "x_model" not in other


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {"include_usage": True}),
        ({"stream_options": {"include_usage": False}}, {"include_usage": False}),
        ({"stream_options": None}, None),
    ],
)
def test_include_usage_keeps_the_options_of_a_request(
    tracker: Tracker, given: dict[str, Any], sent: Any
) -> None:
    client = openai.track(Client(Stream()), include_usage=True)
    with tracker.task("x"):
        list(client.chat.completions.create(model="m", messages=[], stream=True, **given))

    assert client.requests[0]["stream_options"] == sent
