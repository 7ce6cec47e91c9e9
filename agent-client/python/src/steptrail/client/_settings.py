"""Where the address of the API and the token come from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from . import _checks
from ._login import LoginStore, StoredLogin
from .errors import ConfigurationError

__all__ = ["FixedToken", "TokenSource", "api_address", "token_source"]


class TokenSource(Protocol):
    """Provides the access token of requests. Thread-safe."""

    @property
    def name(self) -> str:
        """What the token is called in error messages."""

    def cached(self) -> str | None:
        """Returns a valid token without I/O; `None` if `token` must be called."""

    def token(self) -> str:
        """Returns a valid token. May read files and send requests.

        Raises LoginError if there is none, and ApiConnectionError if the issuer cannot be reached.
        """


class FixedToken:
    """A token that the user has set.

    token: the token.
    name: what it is called in error messages, such as `STEPTRAIL_TOKEN`.

    Raises ConfigurationError if it is not a token. The message does not contain it.
    """

    def __init__(self, token: str, name: str) -> None:
        self._token = token.strip()
        self.name = name
        if not _checks.is_token(self._token):
            raise ConfigurationError(
                f"{name} is not a valid token (expected printable ASCII characters without spaces)"
            )

    def cached(self) -> str:
        return self._token

    def token(self) -> str:
        return self._token

    def __repr__(self) -> str:
        return f"FixedToken(name={self.name!r})"


def api_address(api: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Returns the address of the API without a trailing slash: the argument, else `STEPTRAIL_API`,
    else the API of the only stored login.

    Raises ConfigurationError if there is none, or it is not a valid address, and LoginError if the
    login is damaged or not safe to use.
    """
    name = "STEPTRAIL_API" if api is None else "api"
    address = (environment.get("STEPTRAIL_API", "") if api is None else api).strip()
    if not address and api is None:
        address = LoginStore.only_api(environment) or ""
        if not address:
            raise ConfigurationError(
                "STEPTRAIL_API is not set (on AWS: the stack's output ApiUrl; with the local "
                "cloud: set -a; . .steptrail/local.env)"
            )
    if not _checks.is_http(address) or _has_more_than_a_path(address):
        raise ConfigurationError(f"{name} is not a valid URL (expected https://host)")
    if not _checks.is_safe_for_secrets(address):
        raise ConfigurationError(
            f"{name} must begin with https://, but is '{address}': http would send the token "
            "unencrypted, and is allowed only for localhost"
        )
    return address.rstrip("/")


def _has_more_than_a_path(address: str) -> bool:
    parts = urlsplit(address)
    return (
        "@" in parts.netloc
        or "?" in address
        or "#" in address
        or any(c <= " " or c > "~" for c in address)
    )


def token_source(
    address: str, token: str | None, environment: Mapping[str, str] = os.environ
) -> TokenSource:
    """Returns the source of the token: the argument, else `STEPTRAIL_TOKEN`, else the login for
    this address.

    Raises ConfigurationError if the token has invalid characters.
    """
    if token is not None:
        return FixedToken(token, "the token")
    if environment.get("STEPTRAIL_TOKEN", "").strip():
        return FixedToken(environment["STEPTRAIL_TOKEN"], "STEPTRAIL_TOKEN")
    return StoredLogin(LoginStore(address, environment))
