"""The login that `steptrail login` stored, and its renewal.

The command line writes one file per API, and both read and replace it while they hold the same
lock.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from . import _checks
from ._protocol import HEADERS, PROXY_ERRORS, invalid_proxy, unreachable, uses_environment
from .errors import LoginError

__all__ = ["LoginStore", "StoredLogin"]

_MIN_SECONDS_LEFT = 20
"""Tokens that expire earlier are renewed. Common issuers give tokens a longer lifetime."""

_DEFAULT_LIFETIME = 300
"""The assumed lifetime of a token in seconds, if the issuer does not return it."""

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_ENDED = frozenset({"invalid_grant", "invalid_client", "unauthorized_client"})
"""Errors of the issuer after which a login cannot be renewed."""

_REQUIRED = ("api", "issuer", "client_id", "token_endpoint", "owner", "access_token")
_PROCESS_LOCK = threading.Lock()
"""Serialises the threads of this process, because a file lock excludes only other processes."""


class Login(dict[str, Any]):
    """The members of a login, which are not shown with the local variables of an error."""

    def __repr__(self) -> str:
        return f"<login of {self.get('owner')}>"


class LoginStore:
    """Reads and replaces the login for one API. Thread-safe; several processes may use it
    concurrently.

    Refuses files and folders that another user may have read or written: a forged login could send
    the refresh token to another host. Except for symbolic links, this is checked on POSIX systems
    only.

    address: the address of the API; APIs with the same origin share a login.
    environment: the environment variables.
    """

    def __init__(self, address: str, environment: Mapping[str, str] = os.environ) -> None:
        self.origin = _checks.origin(address)
        name = re.sub(r"[^a-z0-9._-]", "-", self.origin.replace("://", "_").replace(":", "_"))
        folder = _folder(environment)
        self._file = None if folder is None else folder / f"{name}.json"

    @staticmethod
    def only_api(environment: Mapping[str, str] = os.environ) -> str | None:
        """Returns the API of the stored login; `None` if there is no login, or more than one.

        Raises LoginError if the login is damaged, or if other users can read or write it.
        """
        folder = _folder(environment)
        files = [] if folder is None else sorted(folder.glob("*.json"))
        if len(files) != 1:
            return None
        try:
            api = str(_json_object(files[0].read_bytes()).get("api"))
        except OSError as error:
            raise LoginError(f"failed to read the login in {files[0]}: {error}") from error
        if not _checks.is_http(api):
            raise LoginError(f"{files[0]} is damaged; run steptrail login to replace it")
        return str(LoginStore(api, environment).read()["api"])

    def read(self) -> Login:
        """Returns the login.

        Raises LoginError if there is none; it is damaged or belongs to another API; or other users
        can read or write it.
        """
        file = self._file
        if file is None:
            raise self._missing()
        try:
            self._require_own_folders(file.parent)
            status = self._require_own(file, "delete it, and run steptrail login")
            if os.name == "posix" and status.st_mode & 0o077:
                raise LoginError(
                    f"other users may access {file} ({stat.filemode(status.st_mode)}), which has "
                    f"your tokens; run chmod 600 '{file}', or steptrail logout and steptrail login "
                    "if someone may have read it"
                )
            return self._parse(file)
        except FileNotFoundError:
            raise self._missing() from None
        except OSError as error:
            raise LoginError(f"failed to read the login for {self.origin}: {error}") from error

    def _missing(self) -> LoginError:
        return LoginError(
            f"not signed in to {self.origin}; run steptrail login, or set STEPTRAIL_TOKEN"
        )

    def _parse(self, file: Path) -> Login:
        login = _json_object(file.read_bytes())
        if (
            not all(isinstance(login.get(name), str) for name in _REQUIRED)
            or not isinstance(login.get("expires_at"), int)
            or not _checks.is_token(login["access_token"])
        ):
            raise LoginError(f"{file} is damaged; run steptrail login to replace it")
        if not self._is_for_this_api(login["api"]):
            raise LoginError(
                f"{file} contains a login for '{login['api']}' instead of {self.origin}; "
                "run steptrail login to replace it"
            )
        if not _checks.is_safe_for_secrets(login["token_endpoint"]):
            raise LoginError(
                f"the token_endpoint in {file} must begin with https://, but is "
                f"'{login['token_endpoint']}'; run steptrail login to replace the file"
            )
        return login

    def _is_for_this_api(self, api: str) -> bool:
        try:
            return _checks.origin(api) == self.origin
        except ValueError:
            return False

    def _require_own_folders(self, folder: Path) -> None:
        for own in (folder.parent, folder):
            status = self._require_own(own, "move it away")
            if os.name == "posix" and status.st_mode & 0o022:
                raise LoginError(
                    f"other users may write to {own}, which contains your tokens; "
                    f"run chmod go-w '{own}'"
                )

    @staticmethod
    def _require_own(path: Path, remedy: str) -> os.stat_result:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise LoginError(
                f"{path} is a symbolic link, which tokens must not be read from; {remedy}"
            )
        if sys.platform != "win32" and status.st_uid != os.geteuid():
            raise LoginError(
                f"{path} belongs to the user {status.st_uid}, and tokens are read only from your "
                f"own files; {remedy}"
            )
        return status

    def write(self, login: Mapping[str, Any]) -> None:
        """Replaces the login atomically. The caller must hold the lock."""
        file = self._require_file()
        # With mode 0600.
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix="login", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(login, stream, ensure_ascii=False)
            os.replace(temporary, file)
        except BaseException:
            os.unlink(temporary)
            raise

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Runs while no other thread or process, Java or Python, changes a login."""
        with _PROCESS_LOCK, open(self._require_file().with_name("lock"), "ab") as lock:
            _lock(lock.fileno())
            yield  # closing the file releases the lock

    def _require_file(self) -> Path:
        if self._file is None:
            raise self._missing()
        return self._file


def _folder(environment: Mapping[str, str]) -> Path | None:
    xdg = environment.get("XDG_CONFIG_HOME", "")
    app_data = environment.get("APPDATA", "")
    if os.path.isabs(xdg):
        return Path(xdg, "steptrail", "logins")
    if sys.platform == "win32" and app_data:
        return Path(app_data, "steptrail", "logins")
    home = environment.get("HOME") or os.path.expanduser("~")
    return Path(home, ".config", "steptrail", "logins") if os.path.isabs(home) else None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        while True:
            with contextlib.suppress(OSError):  # raised after ten attempts, one per second
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.lockf(
            descriptor, fcntl.LOCK_EX
        )  # not flock: Java's FileChannel.lock is a record lock


class StoredLogin:
    """The token of the stored login. Renews it before it expires. Thread-safe.

    While one process renews the token, others wait and then use the result, because issuers may
    accept a refresh token only once.
    """

    def __init__(self, store: LoginStore) -> None:
        self._store = store
        self._login: Login | None = None
        self.name = f"the token of the login for {store.origin}"

    def __repr__(self) -> str:
        return f"StoredLogin({self._store.origin!r})"

    def cached(self) -> str | None:
        login = self._login
        return None if login is None or _expires_soon(login) else str(login["access_token"])

    def token(self) -> str:
        login = self._store.read()
        if _expires_soon(login):
            try:
                login = self._renewed()
            except OSError as error:
                raise LoginError(f"failed to store the renewed login: {error}") from error
        self._login = login
        return str(login["access_token"])

    def _renewed(self) -> Login:
        with self._store.locked():
            login = self._store.read()
            if _expires_soon(login):  # no other process has renewed it
                login = _renew(login)
                self._store.write(login)
            return login


def _json_object(content: bytes) -> Login:
    """Returns the members of a JSON object; none if it is no JSON object."""
    try:
        members = json.loads(content)
    except ValueError:
        members = None
    return Login(members if isinstance(members, dict) else {})


def _expires_soon(login: Login) -> bool:
    return bool(login["expires_at"] - time.time() < _MIN_SECONDS_LEFT)


def _renew(login: Login) -> Login:
    """Returns the login with a new access token. Keeps the refresh token if the issuer returns no
    new one.
    """
    if not login.get("refresh_token"):
        raise LoginError(f"the login for {login['api']} has expired; run steptrail login")
    endpoint = login["token_endpoint"]
    try:
        response = httpx.post(
            endpoint,
            data={
                "grant_type": "refresh_token",
                "refresh_token": login["refresh_token"],
                "client_id": login["client_id"],
            },
            headers=HEADERS,
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=uses_environment(endpoint),
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise unreachable(f"the issuer at {endpoint}", error) from None
    except PROXY_ERRORS as error:
        raise invalid_proxy(error) from None
    tokens = _json_object(response.content)
    if tokens.get("error") in _ENDED:
        raise LoginError(
            f"the login for {login['api']} has expired or was revoked; run steptrail login"
        )
    if response.status_code != 200 or not _checks.is_token(tokens.get("access_token")):
        raise LoginError(
            f"the issuer's token endpoint {endpoint} returned no token (status "
            f"{response.status_code}"
            + (f", {tokens['error']}" if tokens.get("error") else "")
            + "); try again"
        )
    lifetime = tokens.get("expires_in")
    if not isinstance(lifetime, int) or lifetime <= 0:
        lifetime = _DEFAULT_LIFETIME
    return Login(
        {
            **login,
            "access_token": tokens["access_token"],
            "refresh_token": tokens.get("refresh_token") or login["refresh_token"],
            "expires_at": int(time.time()) + lifetime,
        }
    )
