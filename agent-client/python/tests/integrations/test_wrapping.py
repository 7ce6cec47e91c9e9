from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import threading
import types
from collections.abc import Callable
from typing import Any

import pytest

from steptrail.integrations import failures
from steptrail.integrations._agents import without_secrets
from steptrail.integrations._wrapping import attribute, message_of, observing, wrap


class Phone:
    def tap(self, x: int) -> int:
        """Taps."""
        return x

    async def look(self) -> str:
        return "screen"


def doubling(function: Callable[..., Any], *args: Any) -> Any:
    return 2 * function(*args)


def test_wrap_replaces_a_method_of_one_object_and_restores_it() -> None:
    phone, other = Phone(), Phone()
    restore = wrap(phone, "tap", doubling)
    assert (phone.tap(3), other.tap(3)) == (6, 3)
    assert phone.tap.__doc__ == "Taps."
    assert inspect.signature(phone.tap) == inspect.signature(other.tap)
    restore()
    assert phone.tap(3) == 3
    assert vars(phone) == {}


def test_wrap_of_a_module_restores_the_function() -> None:
    module = types.ModuleType("phones")
    module.tap = tap = Phone().tap  # type: ignore[attr-defined]
    restore = wrap(module, "tap", doubling)
    assert module.tap(3) == 6
    restore()
    assert module.tap is tap


def test_wrap_keeps_coroutine_functions() -> None:
    phone = Phone()
    calls: list[str] = []

    async def observing_look(look: Callable[..., Any]) -> Any:
        calls.append("look")
        return await look()

    wrap(phone, "look", observing_look)
    assert inspect.iscoroutinefunction(phone.look)
    assert asyncio.run(phone.look()) == "screen"
    assert calls == ["look"]


def test_second_wrap_shares_the_first_and_the_last_restore_counts() -> None:
    phone = Phone()
    restores = [wrap(phone, "tap", doubling) for _ in range(2)]
    assert phone.tap(3) == 6
    restores[0]()
    assert phone.tap(3) == 6
    restores[1]()
    assert vars(phone) == {}


def test_restore_keeps_a_later_wrapper_of_another_package() -> None:
    phone = Phone()
    restore = wrap(phone, "tap", doubling)
    tap = phone.tap
    later = functools.wraps(tap)(lambda x: tap(x) + 1)
    phone.tap = later  # type: ignore[method-assign]
    restore()
    assert phone.tap is later


def test_observing_counts_each_failure_and_logs_the_first_without_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures.clear()
    with caplog.at_level(logging.WARNING, "steptrail"):
        for _ in range(3):
            with observing("a phone"):
                raise RuntimeError("a secret")
    assert failures == {"a phone": 3}
    assert [record.getMessage() for record in caplog.records] == [
        "failed to observe a phone: RuntimeError"
    ]


def test_observing_does_not_catch_interrupts() -> None:
    with pytest.raises(KeyboardInterrupt), observing("a phone"):
        raise KeyboardInterrupt


class Interrupted(Phone):
    """A phone whose program handles a signal while it is being wrapped."""

    def __getattribute__(self, name: str) -> Any:
        if name == "tap":
            wrap(Phone(), "tap", doubling)
        return super().__getattribute__(name)


def test_signal_handler_can_wrap_while_its_thread_wraps() -> None:
    thread = threading.Thread(target=wrap, args=(Interrupted(), "tap", doubling), daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


class Unreadable:
    @property
    def name(self) -> str:
        raise RuntimeError("a secret")


def test_attribute_is_none_if_it_is_missing_or_raises() -> None:
    failures.clear()
    target = types.SimpleNamespace(inner=types.SimpleNamespace(value=1))
    assert attribute(target, "inner.value") == 1
    assert attribute(target, "inner.missing.value") is None
    assert failures == {}
    assert attribute(Unreadable(), "name") is None
    assert failures == {"name": 1}


class Silent(Exception):
    def __str__(self) -> str:
        raise Silent


def test_message_of_an_exception_without_a_message_is_its_type() -> None:
    assert message_of(ValueError("no phone")) == "no phone"
    assert message_of(ValueError()) == "ValueError"
    assert message_of(Silent()) == "Silent"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://bob:sk-SECRET@Proxy.lab:8443/v1;sk-SECRET?api_key=sk-SECRET#sk-SECRET",
            "https://proxy.lab:8443/v1",
        ),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("bob:sk-SECRET@proxy/v1", None),
        ("https://bob:sk/SECRET@proxy", None),
        ("http://[", None),
        (None, None),
        (7, None),
    ],
)
def test_without_secrets(url: Any, expected: str | None) -> None:
    assert without_secrets(url) == expected
