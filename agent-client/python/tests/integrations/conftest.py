"""Fixtures of the tests with real frameworks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .bench import Bench, Run
from .model_server import ModelServer


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def plain(bench: Bench, request: pytest.FixtureRequest) -> dict[str, Run]:
    """The runs of the module's scenarios without tracking."""
    return bench.run(request.module.SCENARIOS | request.module.SPECIAL, tracked=False)


@pytest.fixture(scope="module")
def tracked(bench: Bench, request: pytest.FixtureRequest) -> dict[str, Run]:
    """The runs of the module's scenarios with tracking."""
    return bench.run(request.module.SCENARIOS | request.module.SPECIAL, tracked=True)
