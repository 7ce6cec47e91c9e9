"""An API with an issuer that accepts each refresh token once (RFC 9700, section 4.14.2)."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from .server import LocalServer, Request, Response, ok


class RotatingIssuer(LocalServer):
    """Accepts the newest access token at `/api/me`, and the newest refresh token at `/token`.

    refreshes: the forms of requests for tokens.
    error: the response to an old refresh token.
    rotates: whether each response has a new refresh token.
    """

    def __init__(self, config: Path) -> None:
        super().__init__()
        self.refreshes: list[dict[str, str]] = []
        self.error = Response(400, b'{"error":"invalid_grant"}')
        self.rotates = True
        self._generation = 1
        self._refresh_token = "refresh-1"
        self._lock = threading.Lock()
        self.file = config / "steptrail" / "logins" / f"http_127.0.0.1_{self.port}.json"

    def respond(self, request: Request) -> Response:
        if request.method == "POST":
            form = parse_qs(request.body.decode())
            return self.renew({name: values[0] for name, values in form.items()})
        if request.headers["Authorization"] == f"Bearer access-{self._generation}":
            return ok({"owner": "ann", "admin": False})
        return ok({"message": "Unauthorized"}, 401)

    def renew(self, form: dict[str, str]) -> Response:
        with self._lock:
            self.refreshes.append(form)
            if form.get("refresh_token") != self._refresh_token:
                return self.error
            self._generation += 1
            tokens = {
                "access_token": f"access-{self._generation}",
                "token_type": "Bearer",
                "expires_in": 900,
            }
            if self.rotates:
                self._refresh_token = f"refresh-{self._generation}"
                tokens["refresh_token"] = self._refresh_token
            return ok(tokens)

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
