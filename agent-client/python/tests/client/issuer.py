"""An API with an issuer that accepts each refresh token once (RFC 9700, section 4.14.2)."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs


class RotatingIssuer:
    """Accepts the newest access token at `/api/me`, and the newest refresh token at `/token`.

    refreshes: the forms of requests for tokens.
    error: the response to an old refresh token: a status and a body.
    """

    def __init__(self, config: Path) -> None:
        self.refreshes: list[dict[str, str]] = []
        self.error: tuple[int, bytes] = (400, b'{"error":"invalid_grant"}')
        self._generation = 1
        self._lock = threading.Lock()
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                accepted = self.headers["Authorization"] == f"Bearer access-{issuer._generation}"
                body = {"owner": "ann", "admin": False} if accepted else {"message": "Unauthorized"}
                self.send(200 if accepted else 401, json.dumps(body).encode())

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(text).items()}
                self.send(*issuer.renew(form))

            def send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{port}"
        self.file = config / "steptrail" / "logins" / f"http_127.0.0.1_{port}.json"

    def renew(self, form: dict[str, str]) -> tuple[int, bytes]:
        with self._lock:
            self.refreshes.append(form)
            if form.get("refresh_token") != f"refresh-{self._generation}":
                return self.error
            self._generation += 1
            body = {
                "access_token": f"access-{self._generation}",
                "token_type": "Bearer",
                "expires_in": 900,
                "refresh_token": f"refresh-{self._generation}",
            }
            return 200, json.dumps(body).encode()

    def store_login(self, seconds_left: int, **members: Any) -> None:
        """Stores a login of the first generation, as `steptrail login` does."""
        login = {
            "api": self.url,
            "issuer": "https://issuer.example.com",
            "client_id": "client",
            "token_endpoint": f"{self.url}/token",
            "revocation_endpoint": None,
            "owner": "ann",
            "email": None,
            "name": "安",
            "access_token": "access-1",
            "refresh_token": "refresh-1",
            "expires_at": int(time.time()) + seconds_left,
            **members,
        }
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.file.parent.parent.chmod(0o700)
        self.file.write_text(json.dumps(login), encoding="utf-8")
        self.file.chmod(0o600)

    def stored(self) -> dict[str, Any]:
        login: dict[str, Any] = json.loads(self.file.read_bytes())
        return login

    def __enter__(self) -> RotatingIssuer:
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
