from __future__ import annotations

import types
from typing import Any

import pytest

from steptrail import Tracker
from steptrail.integrations import autoglm_gui, mobilerun, open_autoglm, openai


@pytest.mark.parametrize("integration", [autoglm_gui, mobilerun, open_autoglm])
def test_track_rejects_other_objects(integration: Any, tracker: Tracker) -> None:
    with pytest.raises(TypeError, match=r"object is not an? "):
        integration.track(object(), tracker)


def test_client_of_two_agents_is_observed_until_both_are_untracked() -> None:
    completions = types.SimpleNamespace(create=lambda: "reply")
    client = types.SimpleNamespace(chat=types.SimpleNamespace(completions=completions))
    create = completions.create
    first, second = (openai.wrap_client(client, include_usage=False) for _ in range(2))
    for restore in first:
        restore()
    assert completions.create is not create
    for restore in second:
        restore()
    assert completions.create is create


def test_track_rejects_other_clients() -> None:
    with pytest.raises(TypeError, match="object is not an OpenAI client"):
        openai.track(object())


@pytest.mark.parametrize("integration", [autoglm_gui, mobilerun, open_autoglm, openai])
def test_untrack_ignores_objects_that_are_not_tracked(integration: Any) -> None:
    target = object()
    assert integration.untrack(target) is target
