"""Calls the real OpenAI client with a fake server, with and without tracking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recorded import RecordedOutbox

from .environments import Environment, make_environment
from .model_server import USAGE, ModelServer, Reply

pytestmark = pytest.mark.frameworks

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


@dataclass
class Client:
    """Makes calls, all in one process."""

    environment: Environment
    server: ModelServer
    folder: Path

    def call(self, calls: dict[str, Reply], **request: Any) -> dict[str, Any]:
        replies = [
            reply for name, reply in calls.items() for _ in range(2 if name == "concurrent" else 1)
        ]
        self.server.script([replies * 2])
        asked = {"url": self.server.url, "calls": list(calls), "outbox": None, **request}
        (answer,) = self.environment.run("openai_client", [asked], self.folder)
        return {**answer, "requests": self.server.requests[0]}

    def record(
        self, calls: dict[str, Reply], **request: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Makes calls with tracking. Returns the step of each call, and the answer."""
        outbox = self.folder / "outbox"
        answer = self.call(calls, outbox=str(outbox), **request)
        assert answer["flushed"]
        assert answer["failures"] == {}
        assert answer["restored"]
        task = RecordedOutbox(outbox).task
        return {step["action"]["action"]: step for step in task.steps}, answer


@pytest.fixture
def client(environment: Environment, model: ModelServer, tmp_path: Path) -> Client:
    return Client(environment, model, tmp_path)


@pytest.mark.parametrize("rejected", [False, True])
def test_track_changes_neither_results_nor_exceptions_nor_requests(
    client: Client, rejected: bool
) -> None:
    calls = {name: REJECTED if rejected else reply for name, (reply, _) in CALLS.items()}
    plain = client.call(calls)
    _, tracked = client.record(calls)

    for name in calls:
        assert tracked["outcomes"][name] == plain["outcomes"][name], name
        assert tracked["outside"][name] == plain["outcomes"][name], name
    assert tracked["requests"] == plain["requests"] * 2


def test_steps_have_model_tokens_and_times(client: Client) -> None:
    steps, _ = client.record({name: reply for name, (reply, _) in CALLS.items()})

    assert list(steps) == list(CALLS)
    for name, step in steps.items():
        assert step.get("usage") == CALLS[name][1], name
        assert step["x_model"] == "gpt-test"
        assert "model_ms" in step["timings"]
        streams = "stream" in name or name == "cancelled"
        assert ("time_to_first_token_ms" in step["timings"]) == streams, name
        assert not {"model_input", "model_output"} & set(step)


def test_record_model_calls_keeps_messages_and_reply(client: Client) -> None:
    chats = ["chat", "chat_stream", "async_chat", "async_chat_stream"]
    responses = ["response", "response_stream", "async_response"]
    calls = dict.fromkeys(chats + responses, HELLO)
    steps, _ = client.record(calls, tracker={"record_model_calls": True})

    for name, step in steps.items():
        messages = [{"role": "user", "content": "Hello"}] if name in chats else "Hello"
        assert step["model_input"] == messages, name
        assert step["model_output"] == HELLO.text, name


def test_include_usage_asks_for_tokens_of_streams(client: Client) -> None:
    calls = {"chat": HELLO, "chat_stream": HELLO, "response_stream": HELLO}
    steps, answer = client.record(calls, track={"include_usage": True})

    asked = [request["body"].get("stream_options") for request in answer["requests"]]
    assert asked == [None, {"include_usage": True}, None, None, None, None]
    assert steps["chat_stream"]["usage"] == CHAT_USAGE


def test_calls_outside_of_a_step_belong_to_the_next_step(client: Client) -> None:
    outbox = client.folder / "outbox"
    calls = {"chat": HELLO, "chat_stream": UNASKED, "async_chat": HELLO}
    client.call(calls, outbox=str(outbox), without_steps=True)
    task = RecordedOutbox(outbox).task
    all_calls, no_call = task.steps
    assert all_calls["usage"] == {name: 3 * count for name, count in CHAT_USAGE.items()}
    assert "usage" not in no_call
