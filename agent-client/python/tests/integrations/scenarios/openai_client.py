"""Calls a real OpenAI client: python openai_client.py REQUESTS ANSWERS

The request has `url` of the server, `calls` (keys of `CALLS`), `outbox` (null: without tracking),
`tracker` and `track` (further arguments of them), and `without_steps`. The answer has the results
and exceptions of the calls. With tracking, each call is made once in a step and once outside of a
task, or with `without_steps` only before the first step.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from openai import AsyncOpenAI, OpenAI  # type: ignore[import-not-found, unused-ignore]
from scenario_runner import run_scenarios  # type: ignore[import-not-found, unused-ignore]

CHAT: dict[str, Any] = {"model": "gpt-test", "messages": [{"role": "user", "content": "Hello"}]}
RESPONSE: dict[str, Any] = {"model": "gpt-test", "input": "Hello"}


def chat(client: Any) -> Any:
    return client.chat.completions.create(**CHAT).model_dump_json()


def response(client: Any) -> Any:
    return client.responses.create(**RESPONSE).model_dump_json()


def raw_chat(client: Any) -> Any:
    return client.chat.completions.with_raw_response.create(**CHAT).parse().model_dump_json()


def chat_stream(client: Any) -> Any:
    stream = client.chat.completions.create(**CHAT, stream=True)
    return [type(stream).__name__, [chunk.model_dump_json() for chunk in stream]]


def response_stream(client: Any) -> Any:
    with client.responses.create(**RESPONSE, stream=True) as events:
        return [event.model_dump_json() for event in events]


def discarded_stream(client: Any) -> Any:
    with client.chat.completions.create(**CHAT, stream=True) as stream:
        return next(stream).model_dump_json()


def helper_stream(client: Any) -> Any:
    with client.chat.completions.stream(**CHAT) as stream:
        return [event.type for event in stream]


async def async_chat(client: Any) -> Any:
    return (await client.chat.completions.create(**CHAT)).model_dump_json()


async def async_response(client: Any) -> Any:
    return (await client.responses.create(**RESPONSE)).model_dump_json()


async def async_chat_stream(client: Any) -> Any:
    stream = await client.chat.completions.create(**CHAT, stream=True)
    return [type(stream).__name__, [chunk.model_dump_json() async for chunk in stream]]


async def cancelled(client: Any) -> Any:
    return await asyncio.wait_for(async_chat_stream(client), 0.5)


async def concurrent(client: Any) -> Any:
    results = await asyncio.gather(async_chat(client), async_chat(client), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


CALLS: dict[str, Callable[[Any], Any]] = {
    function.__name__: function
    for function in (
        chat,
        response,
        raw_chat,
        chat_stream,
        response_stream,
        discarded_stream,
        helper_stream,
        async_chat,
        async_response,
        async_chat_stream,
        cancelled,
        concurrent,
    )
}


def perform(call: Callable[[Any], Any], client: Any) -> list[Any]:
    try:
        result = call(client)
        return ["returned", asyncio.run(result) if inspect.iscoroutine(result) else result]
    except BaseException as e:
        return ["raised", type(e).__name__, str(e)]


def make_client(name: str, url: str) -> Any:
    client_type = AsyncOpenAI if inspect.iscoroutinefunction(CALLS[name]) else OpenAI
    return client_type(base_url=url, api_key="sk-secret", max_retries=0)


def main(request: dict[str, Any]) -> dict[str, Any]:
    names, url = request["calls"], request["url"]
    if not request["outbox"]:
        return {"outcomes": {name: perform(CALLS[name], make_client(name, url)) for name in names}}

    import steptrail
    from steptrail.integrations import failures
    from steptrail.integrations.openai import track, untrack

    tracker = steptrail.Tracker(outbox=request["outbox"], **request.get("tracker", {}))
    if request.get("without_steps"):
        with tracker.task("hello") as task:
            for name in names:
                perform(CALLS[name], track(make_client(name, url)))
            task.step("all calls")
            task.step("no call")
            task.succeed()
        return {"flushed": tracker.flush(30)}
    outcomes, outside, restored = {}, {}, True
    with tracker.task("hello") as task:
        for name in names:
            client = make_client(name, url)
            create = client.chat.completions.create
            assert track(client, **request.get("track", {})) is client
            tracked = client.chat.completions.create
            assert inspect.iscoroutinefunction(tracked) == inspect.iscoroutinefunction(create)
            with task.begin_step(action={"action": name}):
                outcomes[name] = perform(CALLS[name], client)
            assert untrack(client) is client
            restored = restored and not any(
                "create" in vars(resource)
                for resource in (client.chat.completions, client.responses)
            )
        task.succeed()
    for name in names:
        outside[name] = perform(CALLS[name], track(make_client(name, url)))
    return {
        "outcomes": outcomes,
        "outside": outside,
        "flushed": tracker.flush(30),
        "failures": dict(failures),
        "restored": restored,
    }


if __name__ == "__main__":
    run_scenarios(main)
