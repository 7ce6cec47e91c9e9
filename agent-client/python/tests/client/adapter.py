"""Lets one set of tests call both clients."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

from anyio.from_thread import BlockingPortal, start_blocking_portal

from steptrail.client import AsyncClient, AsyncItems, Client

AnyClient: TypeAlias = Client
"""A `Client`, or a `BlockingAdapter` with the same methods."""


class BlockingAdapter:
    """Calls an `AsyncClient` from a test that is not asynchronous."""

    def __init__(self, client: AsyncClient, portal: BlockingPortal) -> None:
        self._client = client
        self._portal = portal

    def __repr__(self) -> str:
        return repr(self._client)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        member = getattr(self._client, name)

        def call(*arguments: Any, **keywords: Any) -> Any:
            result = member(*arguments, **keywords)
            if inspect.isawaitable(result):
                return self._portal.call(_wait, result)
            return BlockingItems(result, self._portal)

        return call


class BlockingItems:
    """Iterates `AsyncItems`."""

    def __init__(self, items: AsyncItems[Any], portal: BlockingPortal) -> None:
        self._items = items
        self._portal = portal

    def __repr__(self) -> str:
        return repr(self._items)

    def __iter__(self) -> Iterator[Any]:
        with contextlib.suppress(StopAsyncIteration):
            while True:
                yield self._portal.call(self._items.__anext__)

    def __next__(self) -> Any:
        return self._portal.call(self._items.__anext__)

    def to_list(self) -> Any:
        return self._portal.call(self._items.to_list)

    def to_dataframe(self) -> Any:
        return self._portal.call(self._items.to_dataframe)


async def _wait(result: Awaitable[Any]) -> Any:
    return await result


@contextlib.contextmanager
def connect(kind: str, *arguments: Any, **keywords: Any) -> Iterator[AnyClient]:
    """Yields the client of this kind, and closes it."""
    if kind == "Client":
        with Client(*arguments, **keywords) as client:
            yield client
        return
    with start_blocking_portal() as portal:
        concurrent = AsyncClient(*arguments, **keywords)
        try:
            yield BlockingAdapter(concurrent, portal)  # type: ignore[misc]
        finally:
            portal.call(concurrent.aclose)
