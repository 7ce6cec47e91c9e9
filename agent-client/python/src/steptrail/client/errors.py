"""Errors of the client. No message contains a token or a presigned URL."""

from __future__ import annotations

__all__ = [
    "ApiConnectionError",
    "ApiError",
    "AuthenticationError",
    "ConfigurationError",
    "DownloadError",
    "InvalidResponseError",
    "LoginError",
    "NotFoundError",
    "SteptrailError",
]


class SteptrailError(Exception):
    """The base class of all errors that the client raises."""


class ConfigurationError(SteptrailError):
    """The address of the API or the token is missing or invalid."""


class LoginError(SteptrailError):
    """The login that `steptrail login` stored is missing, expired, or not safe to use."""


class ApiConnectionError(SteptrailError):
    """The API, the issuer or the file store cannot be reached, or did not respond in time."""


class InvalidResponseError(SteptrailError):
    """A response has another format than the API defines."""


class DownloadError(SteptrailError):
    """The file store rejected the URL of a screenshot, an attachment or a report.

    status: the HTTP status. 403 usually means that the URL has expired, 404 that the file is no
        longer stored.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status

    def __str__(self) -> str:
        if self.status == 404:
            return "the file is no longer stored (status 404)"
        return f"the file store rejected the URL, which may have expired (status {self.status})"


class ApiError(SteptrailError):
    """The API rejected a request.

    status: the HTTP status.
    code: the name of the problem, such as `no-such-experiment`, which is stable between releases;
        `None` if the gateway responded instead of the API.
    message: an explanation for people.
    trace_id: identifies the request in the log of the API; `None` if the gateway responded.
    """

    def __init__(
        self, status: int, code: str | None, message: str, trace_id: str | None = None
    ) -> None:
        super().__init__(status, code, message, trace_id)
        self.status = status
        self.code = code
        self.message = message
        self.trace_id = trace_id

    def __str__(self) -> str:
        facts = [f"status {self.status}", self.code, self.trace_id and f"trace id {self.trace_id}"]
        return f"{self.message} ({', '.join(fact for fact in facts if fact)})"


class NotFoundError(ApiError):
    """The task, step or other object does not exist, or belongs to another owner (status 404)."""


class AuthenticationError(ApiError):
    """The API does not accept the token (status 401)."""
