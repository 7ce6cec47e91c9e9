"""How requests are built and retried, and responses read. Without I/O, so both clients share it."""

from __future__ import annotations

import email.utils
import gzip
import io
import logging
import random
import re
import time
from collections.abc import Generator, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from .._version import __version__
from . import _checks
from .errors import (
    ApiConnectionError,
    ApiError,
    AuthenticationError,
    ConfigurationError,
    InvalidResponseError,
    NotFoundError,
)
from .models import Step, Task

__all__ = [
    "HEADERS",
    "MAX_ATTACHMENT_BYTES",
    "PROXY_ERRORS",
    "RETRYABLE_ERRORS",
    "BearerAuth",
    "RetryPolicy",
    "decompress",
    "invalid_proxy",
    "json_object",
    "path",
    "query",
    "rejection",
    "require_file_url",
    "retry_after",
    "start_of_day",
    "step_path",
    "task_path",
    "unreachable",
    "uses_environment",
]

HEADERS = {"User-Agent": f"steptrail/{__version__}"}
"""Headers of all requests."""

MAX_ATTACHMENT_BYTES = 16 * 1024 * 1024
"""The maximum size of what a model received or returned, as JSON. Recorders omit larger values."""

_PROBLEM = "urn:steptrail:problem:"
_IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})
_RETRYABLE_STATUSES = frozenset({429, 502, 503, 504})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_DELAY = 0.5
_MAX_DELAY = 20.0

RETRYABLE_ERRORS = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)
"""Errors after which the same request may succeed: the connection failed or ended, or a timeout
elapsed.
"""


class HideSignatures(logging.Filter):
    """Removes the query of presigned URLs from log records of httpx."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_signature, record.args))
        return True


def _without_signature(argument: object) -> object:
    if isinstance(argument, httpx.URL) and b"X-Amz-Signature=" in argument.query:
        return argument.copy_with(query=None)
    return argument


logging.getLogger("httpx").addFilter(HideSignatures())


class BearerAuth(httpx.Auth):
    """Sends a token. Keeps it out of the local variables that debuggers and pytest show."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class RetryPolicy:
    """Decides whether and when a request is sent again: exponential back-off with jitter, 0.5 s to
    20 s.

    Only idempotent requests are retried. A delay that the API requires in `Retry-After` is
    respected; if it exceeds `max_retry_after`, the request fails at once.

    retries: the maximum number of retries of a request.
    max_retry_after: in seconds. Default 60 s.
    """

    def __init__(self, retries: int, max_retry_after: float = 60.0) -> None:
        self._retries = retries
        self._max_retry_after = max_retry_after

    def delay(
        self, method: str, retry: int, response: httpx.Response | None = None
    ) -> float | None:
        """Returns the seconds to wait before a retry, or `None` if the request has failed.

        method: the method of the request.
        retry: the number of this retry, from 1.
        response: the response; `None` if the connection failed.
        """
        if method not in _IDEMPOTENT or retry > self._retries:
            return None
        backoff = min(_FIRST_DELAY * 2.0 ** (retry - 1), _MAX_DELAY) * random.uniform(0.5, 1.0)
        if response is None:
            return backoff
        if response.status_code not in _RETRYABLE_STATUSES:
            return None
        required = retry_after(response) or 0.0
        return max(required, backoff) if required <= self._max_retry_after else None


def retry_after(response: httpx.Response) -> float | None:
    """Returns the seconds in `Retry-After`, which is a number or a date (RFC 9110); `None` if it is
    neither.
    """
    value: str = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(0.0, until.timestamp() - time.time())


def path(*segments: str) -> str:
    """Returns a path below `/api` with encoded segments.

    Raises ValueError for segments that httpx would remove: the path would be another one.
    """
    for segment in segments:
        if segment in ("", ".", ".."):
            raise ValueError(f"{segment!r} is neither an id nor a name")
    return "/api/" + "/".join(quote(segment, safe="") for segment in segments)


def task_path(task: str | Task, *segments: str) -> str:
    """Returns the path of a task, or of something that belongs to it."""
    return path("tasks", task if isinstance(task, str) else task.task_id, *segments)


def step_path(step: str | Step, *segments: str) -> str:
    """Returns the path of something that belongs to a step."""
    return path("steps", step if isinstance(step, str) else step.step_id, *segments)


def start_of_day(time: datetime | date | str | None) -> datetime | str | None:
    """Returns the start of a day in UTC; other times as they are."""
    if time is None or isinstance(time, datetime):
        return time
    text = str(time)  # in ISO format
    return f"{text}T00:00:00Z" if _DAY.fullmatch(text) else text


def query(parameters: Mapping[str, Any]) -> str:
    """Returns a query with its question mark, without the parameters that are `None`; empty if
    there are none.

    Raises ValueError if a time has no time zone.
    """
    pairs = [
        (name, _text(item))
        for name, value in parameters.items()
        if value is not None
        for item in _items(value)
    ]
    return "?" + urlencode(pairs, quote_via=quote) if pairs else ""


def _items(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) or not isinstance(value, Sequence) else value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(
                f"the time {value} has no time zone; use for example datetime.now(timezone.utc)"
            )
        return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def json_object(response: httpx.Response) -> dict[str, Any]:
    """Returns the JSON object of a response.

    Raises InvalidResponseError if the body is not a JSON object.
    """
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise InvalidResponseError(
            f"the response with status {response.status_code} is not a JSON object; "
            "check the address of the API"
        )
    return body


def rejection(response: httpx.Response, token_name: str) -> ApiError:
    """Returns the error of a response with an unsuccessful status.

    response: the response, whose body was read.
    token_name: what the token is called in the message.
    """
    status = response.status_code
    try:
        body = response.json()
    except ValueError:
        body = None
    fields = body if isinstance(body, dict) else {}
    kind = str(fields.get("type", ""))
    code = kind[len(_PROBLEM) :] if kind.startswith(_PROBLEM) else None
    message = str(
        fields.get("detail")
        or fields.get("message")
        or response.reason_phrase
        or "unexpected response"
    )
    trace_id = fields.get("trace_id")
    error = {401: AuthenticationError, 404: NotFoundError}.get(status, ApiError)
    if status == 401:
        message = f"{token_name} was rejected and may have expired: {message}"
    return error(status, code, message, None if trace_id is None else str(trace_id))


def uses_environment(url: str) -> bool:
    """Returns whether requests to this URL may use the proxy that the environment sets. It would
    receive tokens for http, which is allowed only for this machine, unencrypted.
    """
    return url.startswith("https:")


def invalid_proxy(error: Exception) -> ConfigurationError:
    """Returns the error for a proxy that httpx cannot use."""
    return ConfigurationError(f"the proxy that the environment sets cannot be used: {error}")


PROXY_ERRORS = (ImportError, ValueError, httpx.InvalidURL)
"""What httpx raises for a proxy that it cannot use: ImportError for SOCKS without `socksio`."""


def unreachable(what: str, error: Exception) -> ApiConnectionError:
    """Returns the error for a server that cannot be reached. Raise it `from None`, because the
    frames of the cause have the token in local variables.

    what: the server, such as `the API at https://host`.
    error: the cause.
    """
    # The texts of other errors may contain parts of a URL, which may be presigned.
    detail = f": {error}" if isinstance(error, httpx.TransportError) and str(error) else ""
    kind = f"({type(error).__name__}{detail})"
    if isinstance(error, httpx.TimeoutException):
        return ApiConnectionError(f"{what} did not respond in time {kind}; try again")
    return ApiConnectionError(f"{what} cannot be reached {kind}; check the address and the network")


def decompress(content: bytes, max_bytes: int) -> bytes:
    """Returns the inflated content of a gzip file, but at most one byte more than `max_bytes`: a
    file of 1 MB may inflate to 1 GB.
    """
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        return file.read(max_bytes + 1)


def require_file_url(api: str, url: str) -> None:
    """Checks the URL of a file that the API refers to.

    Raises InvalidResponseError if it is not an HTTP URL, or uses http although the API uses https.
    """
    if not _checks.is_http(url) or (api.startswith("https:") and not url.startswith("https:")):
        raise InvalidResponseError(
            "the API refers to a file with an invalid URL; check the address of the API"
        )
