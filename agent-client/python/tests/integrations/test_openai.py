"""Calls the real OpenAI client with a fake server, with and without tracking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .environments import Environment, make_environment
from .model_server import USAGE, ModelServer, Reply
from .outbox import RecordedTask, read_outbox

DETAILED = {**USAGE, "prompt_tokens_details": {"cached_tokens": 1000}}
RESPONSES = {"input_tokens": 7, "output_tokens": 8, "total_tokens": 15}
HELLO = Reply("Hello, how are you?", usage=DETAILED)
UNASKED = Reply("Hello, how are you?", usage=DETAILED, unasked_usage=True)
CHAT_USAGE = {"input_tokens": 1200, "cached_tokens": 1000, "output_tokens": 34}

# The call, the reply, and the recorded usage.
CALLS: dict[str, tuple[Reply, dict[str, int] | None]] = {
    "chat": (HELLO, CHAT_USAGE),
    "response": (Reply("Hello", usage=RESPONSES), {"input_tokens": 7, "output_tokens": 8}),
    "raw_chat": (HELLO, None),
    "chat_stream": (UNASKED, CHAT_USAGE),
    "response_stream": (
        Reply("Hello", usage=RESPONSES),
        {"input_tokens": 7, "output_tokens": 8},
    ),
    "discarded_stream": (HELLO, None),
    "helper_stream": (UNASKED, CHAT_USAGE),
    "async_chat": (HELLO, CHAT_USAGE),
    "async_response": (Reply("Hi", usage=RESPONSES), {"input_tokens": 7, "output_tokens": 8}),
    "async_chat_stream": (UNASKED, CHAT_USAGE),
    "cancelled": (Reply("Hello, how are you?", hangs=True), None),
    "concurrent": (HELLO, {"input_tokens": 2400, "cached_tokens": 2000, "output_tokens": 68}),
}
REJECTED = Reply("no such model", status=404)


@pytest.fixture(scope="module", params=["openai>=1.99,<2", "openai>=3"])
def environment(request: pytest.FixtureRequest) -> Environment:
    return Environment(make_environment("openai", [request.param]))


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


class Client:
    def __init__(self, environment: Environment, server: ModelServer, folder: Path) -> None:
        self._environment, self._server, self._folder = environment, server, folder

    def call(self, name: str, reply: Reply, **request: Any) -> dict[str, Any]:
        self._server.script([reply] * 4)
        asked = {"url": self._server.url, "call": name, "outbox": None, **request}
        answer = self._environment.run("openai_client", asked, self._folder)
        return {**answer, "requests": self._server.requests}

    def record(
        self, name: str, reply: Reply, **request: Any
    ) -> tuple[RecordedTask, dict[str, Any]]:
        outbox = self._folder / "outbox"
        answer = self.call(name, reply, outbox=str(outbox), **request)
        assert answer["flushed"]
        assert answer["failures"] == {}
        assert answer["restored"]
        (task,) = read_outbox(outbox)
        return task, answer


@pytest.fixture
def client(environment: Environment, server: ModelServer, tmp_path: Path) -> Client:
    return Client(environment, server, tmp_path)


@pytest.mark.parametrize("reply", ["answered", "rejected"])
@pytest.mark.parametrize("name", CALLS)
def test_track_changes_neither_results_nor_exceptions_nor_requests(
    client: Client, name: str, reply: str
) -> None:
    script = CALLS[name][0] if reply == "answered" else REJECTED
    plain = client.call(name, script)
    _, tracked = client.record(name, script)

    assert tracked["outcome"] == plain["outcome"]
    assert tracked["outside"] == plain["outcome"]
    assert tracked["requests"] == plain["requests"] * 2


@pytest.mark.parametrize("name", CALLS)
def test_steps_have_model_tokens_and_times(client: Client, name: str) -> None:
    reply, usage = CALLS[name]
    task, _ = client.record(name, reply)

    (step,) = task.steps
    assert step.get("usage") == usage
    assert step["x_model"] == "gpt-test"
    assert "model_ms" in step["timings"]
    assert ("time_to_first_token_ms" in step["timings"]) == (
        "stream" in name or name == "cancelled"
    )
    assert "model_input" not in step
    assert "model_output" not in step


@pytest.mark.parametrize("name", ["chat", "chat_stream", "async_chat", "async_chat_stream"])
def test_record_model_calls_keeps_messages_and_reply(client: Client, name: str) -> None:
    task, _ = client.record(name, HELLO, tracker={"record_model_calls": True})
    (step,) = task.steps
    assert step["model_input"] == [{"role": "user", "content": "Hello"}]
    assert step["model_output"] == "Hello, how are you?"


def test_record_model_calls_keeps_input_and_output_of_responses(client: Client) -> None:
    task, _ = client.record("response_stream", HELLO, tracker={"record_model_calls": True})
    (step,) = task.steps
    assert (step["model_input"], step["model_output"]) == ("Hello", "Hello, how are you?")


def test_include_usage_asks_for_tokens_of_streams(client: Client) -> None:
    task, answer = client.record("chat_stream", HELLO, track={"include_usage": True})
    asked, outside = answer["requests"]
    assert asked["body"]["stream_options"] == {"include_usage": True}
    assert "stream_options" not in outside["body"]
    assert task.steps[0]["usage"] == CHAT_USAGE
