"""Checks of tokens, and of the URLs to which they are sent."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

__all__ = ["is_http", "is_safe_for_secrets", "is_token", "origin"]

_TOKEN = re.compile(r"[\x21-\x7E]+")
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1", re.IGNORECASE)


def is_token(value: object) -> bool:
    """Returns whether a header may contain this token. For others, httpx raises errors that quote
    the token.
    """
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def is_http(url: str) -> bool:
    """Returns whether this is an HTTP URL with a host."""
    parts = _split(url)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def is_safe_for_secrets(url: str) -> bool:
    """Returns whether a token may be sent to this URL: it uses TLS, or it is on this machine."""
    parts = _split(url)
    if parts is None or not is_http(url):
        return False
    return parts.scheme == "https" or _LOOPBACK.fullmatch(parts.hostname or "") is not None


def origin(url: str) -> str:
    """Returns scheme, host and port of a URL, in lower case.

    Raises ValueError if it is not a URL.
    """
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if parts.port is None else f":{parts.port}")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError if it is not a port
    except ValueError:
        return None
    return parts
