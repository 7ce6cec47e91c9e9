"""The client uses and renews the login that `steptrail login` stored, as the command does."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from local_cloud import COMMAND, Cloud
from steptrail.client import ApiConnectionError, Client, ConfigurationError, LoginError

from .adapter import connect
from .issuer import RotatingIssuer
from .server import Response, ScriptedServer
from .test_requests import shown


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The folder in `XDG_CONFIG_HOME`."""
    return tmp_path / "config"


@pytest.fixture
def issuer(config: Path) -> Iterator[RotatingIssuer]:
    with RotatingIssuer(config) as running:
        yield running


def sign_in(cloud: Cloud, config: Path, user: str) -> None:
    """Runs `steptrail login --no-browser`, and does what the user does in a browser."""
    with subprocess.Popen(
        ["sh", COMMAND / "src" / "main" / "bin" / "steptrail", "login", "--no-browser"],
        env=cloud.command_environment({"STEPTRAIL_TOKEN": "", "XDG_CONFIG_HOME": str(config)}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        page = next(line.strip() for line in process.stdout if line.startswith("http"))
        redirect = httpx.get(f"{page}&user={user}", follow_redirects=False).headers["Location"]
        output, _ = process.communicate(redirect + "\n", timeout=60)
    assert process.returncode == 0, output


def test_login_of_the_command_is_used_and_renewed(kind: str, cloud: Cloud, config: Path) -> None:
    sign_in(cloud, config, "ann")
    (file,) = (config / "steptrail" / "logins").glob("*.json")

    with connect(kind, cloud.api) as client:
        assert client.caller().owner == "ann"
    login = json.loads(file.read_bytes())
    file.write_text(json.dumps({**login, "access_token": "expired", "expires_at": 0}))
    with connect(kind) as client:  # the address is that of the only login
        assert client.caller().owner == "ann"

    renewed = json.loads(file.read_bytes())
    assert renewed["expires_at"] > time.time()
    assert {name for name in login if login[name] != renewed[name]} <= {
        "access_token",
        "expires_at",
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    environment = {"STEPTRAIL_TOKEN": "", "XDG_CONFIG_HOME": str(config)}
    assert "owner   ann\n" in cloud.run("whoami", environment=environment)


def test_valid_token_is_not_renewed(kind: str, issuer: RotatingIssuer) -> None:
    issuer.store_login(seconds_left=60)

    with connect(kind, issuer.url) as client:
        assert client.caller().owner == "ann"
        assert client.caller().owner == "ann"

    assert issuer.refreshes == []


def test_token_that_expires_soon_is_renewed(kind: str, issuer: RotatingIssuer) -> None:
    issuer.store_login(seconds_left=10)

    with connect(kind, issuer.url) as client:
        assert client.caller().owner == "ann"
        assert client.caller().owner == "ann"

    assert issuer.refreshes == [
        {"grant_type": "refresh_token", "refresh_token": "refresh-1", "client_id": "client"}
    ]
    stored = issuer.stored()
    assert (stored["access_token"], stored["refresh_token"]) == ("access-2", "refresh-2")
    assert (stored["name"], stored["issuer"]) == ("安", "https://issuer.example.com")


def test_processes_renew_a_token_once(issuer: RotatingIssuer, config: Path, cloud: Cloud) -> None:
    """Threads and processes of Python, and the command."""
    issuer.store_login(seconds_left=0)
    environment = {"STEPTRAIL_API": issuer.url, "XDG_CONFIG_HOME": str(config)}
    program = "from steptrail import Client; print(Client().caller().owner)"
    command = ["sh", str(COMMAND / "src" / "main" / "bin" / "steptrail"), "token"]
    processes = [
        subprocess.Popen(
            arguments,
            env=cloud.command_environment({**environment, "STEPTRAIL_TOKEN": ""}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for arguments in [[sys.executable, "-c", program]] * 3 + [command] * 2
    ]
    with ThreadPoolExecutor(4) as threads, Client(issuer.url) as client:
        owners = [threads.submit(client.caller) for _ in range(4)]
        assert [owner.result().owner for owner in owners] == ["ann"] * 4

    results = [(process.communicate(timeout=60), process.returncode) for process in processes]

    assert [output.strip() for (output, _), _ in results] == ["ann"] * 3 + ["access-2"] * 2, results
    assert len(issuer.refreshes) == 1


def test_token_that_another_process_has_renewed_is_used(issuer: RotatingIssuer) -> None:
    issuer.store_login(seconds_left=900)
    with Client(issuer.url) as client:
        client.caller()
        issuer.renew({"refresh_token": "refresh-1"})
        issuer.store_login(900, access_token="access-2", refresh_token="refresh-2")
        login = client._tokens._login  # type: ignore[attr-defined]
        login["expires_at"] = 0  # as if time had passed

        assert client.caller().owner == "ann"

    assert len(issuer.refreshes) == 1


def test_revoked_login_is_an_error(kind: str, issuer: RotatingIssuer) -> None:
    issuer.store_login(seconds_left=0, refresh_token="refresh-of-yesterday")

    with (
        connect(kind, issuer.url) as client,
        pytest.raises(LoginError, match="has expired or was revoked; run steptrail login") as error,
    ):
        client.caller()

    assert "refresh-of-yesterday" not in shown(error.value)


def test_login_without_a_refresh_token_ends(issuer: RotatingIssuer) -> None:
    issuer.store_login(seconds_left=0, refresh_token=None)

    with Client(issuer.url) as client, pytest.raises(LoginError, match="has expired"):
        client.caller()


@pytest.mark.parametrize(
    "error",
    [
        Response(500, b"<html>"),
        Response(200, b"{}"),
        Response(200, b'{"access_token":"a b"}'),
        Response(400, b'{"error":"slow_down"}'),
    ],
)
def test_other_error_of_the_issuer_keeps_the_login(issuer: RotatingIssuer, error: Response) -> None:
    issuer.store_login(seconds_left=0, refresh_token="other")
    issuer.error = error
    before = issuer.stored()

    with Client(issuer.url) as client, pytest.raises(LoginError, match="returned no token"):
        client.caller()

    assert issuer.stored() == before


def test_login_that_cannot_be_stored_is_an_error(issuer: RotatingIssuer) -> None:
    issuer.store_login(seconds_left=0)
    issuer.file.with_name("lock").mkdir()

    with Client(issuer.url) as client, pytest.raises(LoginError, match="failed to store"):
        client.caller()

    assert issuer.refreshes == []


def test_issuer_that_cannot_be_reached_is_an_error(issuer: RotatingIssuer) -> None:
    issuer.store_login(seconds_left=0, token_endpoint="http://127.0.0.1:1/token")

    with (
        Client(issuer.url) as client,
        pytest.raises(ApiConnectionError, match="the issuer at") as error,
    ):
        client.caller()

    assert "refresh-1" not in shown(error.value)


def test_refresh_token_is_kept_if_there_is_no_new_one(issuer: RotatingIssuer) -> None:
    issuer.rotates = False
    for generation in (2, 3):
        issuer.store_login(0, access_token=f"access-{generation - 1}")
        with Client(issuer.url) as client:
            client.caller()

        stored = issuer.stored()
        assert (stored["access_token"], stored["refresh_token"]) == (
            f"access-{generation}",
            "refresh-1",
        )


@pytest.mark.parametrize("status", [302, 307])
def test_refresh_token_is_not_sent_to_a_redirect(
    issuer: RotatingIssuer, store: ScriptedServer, status: int
) -> None:
    issuer.store_login(0, refresh_token="other")
    issuer.error = Response(status, b"", {"Location": f"{store.url}/token"})

    with Client(issuer.url) as client, pytest.raises(LoginError, match="returned no token"):
        client.caller()

    assert store.requests == []


def test_refresh_token_on_this_machine_is_not_sent_to_a_proxy(
    issuer: RotatingIssuer, store: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", store.url)
    issuer.store_login(0)

    with Client(issuer.url) as client:
        assert client.caller().owner == "ann"

    assert store.requests == []


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"access_token": None}, "is damaged"),
        ({"access_token": "access-1\n"}, "is damaged"),
        ({"expires_at": "soon"}, "is damaged"),
        ({"api": "https://api.example"}, "contains a login for 'https://api.example'"),
        ({"api": "http://[::1"}, "contains a login for"),
        ({"token_endpoint": "http://evil.example/token"}, "must begin with https://"),
    ],
)
def test_login_that_is_not_valid_is_refused(
    issuer: RotatingIssuer, members: dict[str, Any], message: str
) -> None:
    issuer.store_login(60, **members)

    with Client(issuer.url) as client, pytest.raises(LoginError, match=message) as error:
        client.caller()

    assert "access-1" not in shown(error.value)


def test_damaged_file_is_refused(issuer: RotatingIssuer) -> None:
    issuer.store_login(60)
    issuer.file.write_bytes(b'{"access_token": "access-1')

    with Client(issuer.url) as client, pytest.raises(LoginError, match="is damaged") as error:
        client.caller()

    assert "access-1" not in shown(error.value)


@pytest.mark.skipif(os.name != "posix", reason="permissions are checked on POSIX systems")
class TestPermissions:
    """A user who may write the file could receive the refresh token."""

    def refused(self, issuer: RotatingIssuer, message: str) -> None:
        with Client(issuer.url) as client, pytest.raises(LoginError, match=message):
            client.caller()
        assert issuer.refreshes == []

    def test_file_that_others_can_read(self, issuer: RotatingIssuer) -> None:
        issuer.store_login(0)
        issuer.file.chmod(0o640)

        self.refused(issuer, r"other users may access .*-rw-r-----.*chmod 600")

    @pytest.mark.parametrize("levels", [0, 1])
    def test_folder_that_others_can_write(self, issuer: RotatingIssuer, levels: int) -> None:
        issuer.store_login(0)
        issuer.file.parents[levels].chmod(0o770)

        self.refused(issuer, r"other users may write to .*chmod go-w")

    def test_file_that_is_a_link(self, issuer: RotatingIssuer) -> None:
        issuer.store_login(0)
        target = issuer.file.rename(issuer.file.with_suffix(".other"))
        issuer.file.symlink_to(target)

        self.refused(issuer, "is a symbolic link")

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root")
    def test_file_of_another_user(self, issuer: RotatingIssuer) -> None:
        issuer.store_login(0)
        os.chown(issuer.file, 65534, -1)

        self.refused(issuer, "belongs to the user 65534")


def test_address_is_not_taken_from_one_of_several_logins(
    issuer: RotatingIssuer, config: Path
) -> None:
    issuer.store_login(60)
    with Client() as client:
        assert repr(client) == f"Client('{issuer.url}')"

    with RotatingIssuer(config) as other:
        other.store_login(60)
        with pytest.raises(ConfigurationError, match="STEPTRAIL_API is not set"):
            Client()


def test_address_is_not_taken_from_an_unsafe_login(issuer: RotatingIssuer) -> None:
    issuer.store_login(60)
    issuer.file.chmod(0o644)
    with pytest.raises(LoginError, match="other users may access"):
        Client()

    issuer.store_login(60, api="http://[::1")
    with pytest.raises(LoginError, match="is damaged"):
        Client()


def test_login_is_not_shown(issuer: RotatingIssuer) -> None:
    issuer.store_login(60)

    with Client(issuer.url) as client:
        client.caller()
        assert "access-1" not in repr(client) + repr(client._tokens)
