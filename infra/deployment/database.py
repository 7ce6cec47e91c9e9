"""The Postgres of profile small: its connection string, its connections, and its check with the driver of the functions."""
import os
import re
import subprocess
import tempfile
import urllib.parse
import zipfile
from collections.abc import Container
from dataclasses import dataclass

from .checkout import OPERATIONS_ZIP
from .errors import Stop
from .java import java

SUPABASE_CERTIFICATE = "/var/task/supabase-ca.pem"  # in each function's zip; Java does not trust it
CREDENTIALS = {"user", "password", "sslpassword"}
WEAK_MODES = {("sslmode", mode) for mode in ("allow", "prefer", "require")}

FREE_CONNECTIONS = re.compile(r"^Connections: (\d+) available", re.M)  # both in the output of DatabaseCheck
OWNING_STACK = re.compile(r"^Schema .*Steptrail's tables.* stack '([^']+)'", re.M)

INGEST_CONNECTIONS = 2  # ingest opens two more for each batch
OTHER_CONNECTIONS = INGEST_CONNECTIONS + 10 + 6  # exports open 10; maintenance, jobs and migrations open 6
MIN_INGEST, MIN_API = 2, 2  # as in the template
SUPABASE_POOL_SIZE = 15  # the default limit per login in session mode: https://github.com/orgs/supabase/discussions/22305


@dataclass(frozen=True)
class Database:
    jdbc_url: str
    user: str | None = None
    password: str | None = None


def parse_database(text: str, is_argument: bool = False) -> Database:
    """Parses a provider's connection string or a JDBC URL.

    Error messages do not contain the text, because it may contain a password.

    is_argument -- refuses a password, because other users can read a program's arguments
    """
    is_jdbc = text.startswith("jdbc:")
    text = re.sub(r":\[[^\[\]@]*\]@", "@", text)  # a provider's placeholder for the password
    try:
        url = urllib.parse.urlsplit(text[len("jdbc:"):] if is_jdbc else text)
        parameters = urllib.parse.parse_qsl(url.query, keep_blank_values=True)
        host, port = url.hostname, None if is_jdbc else url.port or 5432  # a JDBC URL may have several hosts
    except ValueError:  # its message contains a part of the URL
        raise Stop("The database's URL is not valid. Use postgresql://USER@HOST:PORT/DATABASE, with %-escapes for special characters in"
                   " USER.") from None
    if {name.lower() for name, _ in parameters} & CREDENTIALS or (is_jdbc and "@" in text.split("?")[0]):
        raise Stop("The database's URL must not contain a user or a password in these places. Use postgresql://USER@HOST:PORT/DATABASE, or"
                   " jdbc:postgresql://HOST:PORT/DATABASE with DatabaseUser.")
    if is_jdbc:
        return Database(text)
    if url.scheme not in ("postgres", "postgresql") or not host or len(url.path) < 2:
        raise Stop("The connection string is not like postgresql://USER@HOST:PORT/DATABASE. Copy it from your provider's page.")
    if is_argument and url.password:
        raise Stop("The connection string contains a password, and other users can read a program's arguments. Change the password, pass"
                   " postgresql://USER@HOST:PORT/DATABASE, and enter the password when you are asked.")
    # The functions verify the server's certificate, unless the URL says otherwise. Providers' strings have weaker modes.
    query = [(name, value) for name, value in parameters
             if value and name not in ("channel_binding", "gssencmode") and (name, value) not in WEAK_MODES]
    if host.endswith((".supabase.com", ".supabase.co")) and not {"sslmode", "sslrootcert"} & {name for name, _ in query}:
        query.append(("sslrootcert", SUPABASE_CERTIFICATE))
    jdbc_url = f"jdbc:postgresql://{f'[{host}]' if ':' in host else host}:{port}{url.path}" + (
        f"?{urllib.parse.urlencode(query, safe='/')}" if query else "")
    return Database(jdbc_url, *(part and urllib.parse.unquote(part) for part in (url.username, url.password)))


def location(jdbc_url: str) -> tuple[list[str], str]:
    """Returns the hosts with their ports, and the database, of a JDBC URL. Two URLs with the same result name the same data."""
    url = urllib.parse.urlsplit(jdbc_url[len("jdbc:"):])
    hosts = [host if re.search(r":\d+$", host) else f"{host}:5432" for host in url.netloc.lower().split(",")]
    return hosts, url.path


@dataclass(frozen=True)
class CheckedDatabase:
    owning_stack: str | None  # whose tables the database contains
    free_connections: int | None


def check_database(database: Database) -> CheckedDatabase:
    """Checks that Steptrail can use the database, and prints its properties."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(OPERATIONS_ZIP) as zipped:
        zipped.extractall(folder, [name for name in zipped.namelist() if name.startswith("lib/") or name.endswith(".pem")])
        done = subprocess.run(
            [java(), "-cp", os.path.join(folder, "lib", "*"), "dev.steptrail.store.roles.DatabaseCheck",
             database.jdbc_url.replace("=/var/task/", f"={folder}/"), database.user or ""],
            input=f"{database.password}\n", capture_output=True, text=True)
    print(done.stdout, end="")
    if done.returncode:
        raise Stop(done.stderr.strip().replace(folder, "/var/task")
                   or f"The check of the database ended with exit status {done.returncode}.")
    owner, free = OWNING_STACK.search(done.stdout), FREE_CONNECTIONS.search(done.stdout)
    return CheckedDatabase(owner and owner.group(1), int(free.group(1)) if free else None)


def needed_connections(ingest: int, api: int) -> int:
    """Returns the maximum number of connections of all functions, which is the sum of the limits of their logins."""
    return 2 * ingest + api + OTHER_CONNECTIONS


def fit_pool(jdbc_url: str, ingest: int, api: int) -> tuple[int, int]:
    """Returns IngestConcurrency and ApiConnections, lowered so that no login exceeds the limit of Supabase's session pooler."""
    if not any(host.endswith(".pooler.supabase.com:5432") for host in location(jdbc_url)[0]):
        return ingest, api
    return min(ingest, (SUPABASE_POOL_SIZE - INGEST_CONNECTIONS) // 2), min(api, SUPABASE_POOL_SIZE)


def fit_connections(free: int, ingest: int, api: int, fixed: Container[str]) -> tuple[int, int] | None:
    """Returns IngestConcurrency and ApiConnections, lowered so that they fit into the free connections. Returns None if their minimums do
    not fit.

    fixed -- the names of the parameters that are lowered only if lowering the other one to its minimum does not suffice
    """
    available = free - OTHER_CONNECTIONS
    if available < 2 * MIN_INGEST + MIN_API:
        return None
    if "IngestConcurrency" in fixed and available - 2 * ingest >= MIN_API:
        return ingest, min(api, available - 2 * ingest)
    if "ApiConnections" in fixed and available - api >= 2 * MIN_INGEST:
        return min(ingest, (available - api) // 2), api
    api = min(api, available - 2 * min(ingest, max(MIN_INGEST, available // 4)))
    return min(ingest, (available - api) // 2), api
