"""Fixtures of the tests of the client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cloud import Cloud

from .adapter import AnyClient, connect
from .recordings import Recorded, record
from .server import ScriptedServer


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Removes the settings of the user who runs the tests."""
    for name in ("STEPTRAIL_API", "STEPTRAIL_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def recorded(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """The tasks that the tests read. Tests that change a task record their own."""
    return record(cloud, tmp_path_factory.mktemp("recorded"))


@pytest.fixture(params=["Client", "AsyncClient"])
def kind(request: pytest.FixtureRequest) -> str:
    """Both clients."""
    return str(request.param)


@pytest.fixture
def client(kind: str, cloud: Cloud) -> Iterator[AnyClient]:
    """A client of the local cloud, for the user `demo`."""
    with connect(kind, cloud.api, token=cloud.token) as connected:
        yield connected


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server whose responses the test sets."""
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def store() -> Iterator[ScriptedServer]:
    """A second such server, in the role of the file store or the issuer."""
    with ScriptedServer() as running:
        yield running
