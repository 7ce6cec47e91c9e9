"""Real HTTP servers on this machine, for tests."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from typing_extensions import Self


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Message
    body: bytes


@dataclass(frozen=True)
class Response:
    """A response. With `is_cut`, the connection ends in the middle of the body."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False


CONNECTION_LOST = Response(status=0)
"""The connection ends without a response."""


def ok(body: Any, status: int = 200, **headers: str) -> Response:
    """Returns a response with a JSON body."""
    return Response(
        status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )


def problem(status: int, code: str, detail: str, **headers: str) -> Response:
    """Returns an error as the API returns it."""
    kind = f"urn:steptrail:problem:{code}"
    body = {"type": kind, "title": "Title", "status": status, "detail": detail, "trace_id": "t-1"}
    return Response(
        status, json.dumps(body).encode(), {"Content-Type": "application/problem+json", **headers}
    )


class LocalServer:
    """Runs in a `with` block, and keeps the requests. Subclasses respond to them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def respond(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Request(self.command, self.path, self.headers, body)
                server.requests.append(request)
                response = server.respond(request)
                if response is CONNECTION_LOST:
                    self.close_connection = True
                    return
                self.send_response(response.status)
                headers = {"Content-Length": str(len(response.body)), **response.headers}
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(response.body[:-1] if response.is_cut else response.body)
                self.close_connection |= response.is_cut

            do_GET = do_PUT = do_POST = do_DELETE = do_CONNECT = respond

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def respond(self, request: Request) -> Response:
        """Returns the response to a request. Called by several threads."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class ScriptedServer(LocalServer):
    """Sends the responses in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.responses: deque[Response] = deque()

    def respond(self, request: Request) -> Response:
        return self.responses.popleft()
