from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import local_cloud
from recorded import RecordedOutbox
from steptrail import Tracker

# No time is asserted: the machine may be busy.
hypothesis.settings.register_profile(
    "steptrail", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steptrail")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that need more than Python, so that the build can select them."""
    for item in items:
        if "cloud" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.local_cloud)


@pytest.fixture
def outbox(tmp_path: Path) -> RecordedOutbox:
    return RecordedOutbox(tmp_path / "outbox")


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[local_cloud.Cloud]:
    local_cloud.require()
    with local_cloud.running(tmp_path_factory.mktemp("cloud") / "data") as running:
        yield running


class TrackerFactory:
    """Creates trackers of one outbox, and closes them after the test."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox
        self._trackers: list[Tracker] = []

    def __call__(self, **settings: Any) -> Tracker:
        tracker = Tracker(**{"outbox": self._outbox, **settings})
        self._trackers.append(tracker)
        return tracker

    def close(self) -> None:
        for tracker in self._trackers:
            tracker.close()


@pytest.fixture
def new_tracker(outbox: RecordedOutbox) -> Iterator[TrackerFactory]:
    factory = TrackerFactory(outbox.path)
    yield factory
    factory.close()


@pytest.fixture
def tracker(new_tracker: TrackerFactory) -> Tracker:
    return new_tracker()
