"""Reads tasks and steps by the HTTP API of Steptrail, and judges them. Needs the extra `client`.

`Client` blocks, and `AsyncClient` is for asyncio. Both have the same methods.
"""

try:
    import httpx as _httpx  # noqa: F401
except ModuleNotFoundError as _error:
    raise ModuleNotFoundError(
        "steptrail.client needs httpx; run pip install 'httpx<1' 'anyio>=4'"
    ) from _error

from . import errors, models
from ._async_client import AsyncClient, AsyncItems
from ._client import Client, Items
from ._dataframe import to_dataframe
from .errors import (
    ApiConnectionError,
    ApiError,
    AuthenticationError,
    ConfigurationError,
    DownloadError,
    InvalidResponseError,
    LoginError,
    NotFoundError,
    SteptrailError,
)

__all__ = [
    "ApiConnectionError",
    "ApiError",
    "AsyncClient",
    "AsyncItems",
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "DownloadError",
    "InvalidResponseError",
    "Items",
    "LoginError",
    "NotFoundError",
    "SteptrailError",
    "errors",
    "models",
    "to_dataframe",
]
