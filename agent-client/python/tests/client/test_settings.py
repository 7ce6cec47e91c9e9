"""Where the address and the token come from."""

from __future__ import annotations

import subprocess
import sys

import pytest

from steptrail.client import Client, ConfigurationError, LoginError
from steptrail.client._checks import is_safe_for_secrets

from .server import ScriptedServer, ok


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "not a valid URL"),
        ("api.example", "not a valid URL"),
        ("ftp://api.example", "not a valid URL"),
        ("https://", "not a valid URL"),
        ("https://user:secret@api.example", "not a valid URL"),
        ("https://api.example?stage=1", "not a valid URL"),
        ("https://api.example#a", "not a valid URL"),
        ("https://api.example:99999", "not a valid URL"),
        ("https://api.exa mple", "not a valid URL"),
        ("http://[::1", "not a valid URL"),
        ("http://api.example", "must begin with https://"),
        ("http://localhost.example", "must begin with https://"),
    ],
)
def test_invalid_address_is_rejected(
    address: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match=f"^api .*{message}") as error:
        Client(address, token="a")

    assert "secret" not in str(error.value)
    if address:
        monkeypatch.setenv("STEPTRAIL_API", address)
        with pytest.raises(ConfigurationError, match=f"^STEPTRAIL_API .*{message}"):
            Client(token="a")


def test_missing_address_is_rejected() -> None:
    with pytest.raises(ConfigurationError, match="STEPTRAIL_API is not set"):
        Client(token="a")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:80", "127.1.2.3", "[::1]:80"]
)
def test_http_is_safe_on_this_machine(host: str) -> None:
    assert is_safe_for_secrets(f"http://{host}/a")


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nb", "ключ"])
def test_invalid_token_is_rejected_without_showing_it(token: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a valid token") as error:
        Client("https://api.example", token=token)

    assert token.strip() == "" or token not in str(error.value)


def test_arguments_take_precedence_over_variables(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPTRAIL_API", "https://api.example")
    monkeypatch.setenv("STEPTRAIL_TOKEN", "of-the-variable")
    server.responses += [ok({"owner": "ann", "admin": False})] * 2

    Client(server.url, token=" argument ").caller()
    monkeypatch.setenv("STEPTRAIL_API", f"{server.url}/")
    Client().caller()

    tokens = [request.headers["Authorization"] for request in server.requests]
    assert tokens == ["Bearer argument", "Bearer of-the-variable"]


def test_no_login_is_an_error() -> None:
    with pytest.raises(
        LoginError, match=r"not signed in to https://api\.example; run steptrail login"
    ):
        Client("https://api.example").caller()


def test_import_of_the_recorder_does_not_load_the_client() -> None:
    program = "import steptrail, sys; print('httpx' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert result.stdout == "False\n", result.stderr
