"""The client programs of PostgreSQL."""
import os
import re
import shutil
import subprocess
import urllib.parse

from .checkout import ROOT
from .errors import Stop

# The bundle of trusted certificates: Debian, Red Hat, macOS and Alpine.
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")

# Of PostgreSQL, and of Supabase's pooler.
REJECTED_LOGIN = re.compile("(password|SASL) authentication failed|Tenant or user not found")


class Postgres:
    """The client programs of one database.

    remedy -- what to do if the server rejects the login
    """

    def __init__(self, jdbc_url: str, user: str, password: str, remedy: str = "Check both.") -> None:
        url = urllib.parse.urlsplit(jdbc_url[len("jdbc:"):])
        query = dict(urllib.parse.parse_qsl(url.query))
        host, port = url.hostname or "localhost", str(url.port or 5432)
        mode = query.get("sslmode", "prefer" if host in ("localhost", "127.0.0.1", "::1") else "verify-full")
        certificates = query.get("sslrootcert", "").replace("/var/task/", f"{ROOT}/functions/")
        if not certificates and mode.startswith("verify"):
            certificates = next((path for path in CERTIFICATES if os.path.exists(path)), "")
        self.name = f"{host}:{port}{url.path}"
        self.database = url.path[1:]
        self.user = user
        self.remedy = remedy
        # In the environment, which other users cannot read, unlike arguments.
        self.environment = {**os.environ, "PGHOST": host, "PGPORT": port, "PGDATABASE": self.database, "PGUSER": user, "PGPASSWORD": password,
                            "PGSSLMODE": mode, "PGCONNECT_TIMEOUT": "25", "PGAPPNAME": "steptrail backup"}
        if certificates:
            self.environment["PGSSLROOTCERT"] = certificates

    def run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode and REJECTED_LOGIN.search(done.stderr):
            raise Stop(f"{self.name} rejected the user '{self.user}' or the password. {self.remedy}")
        if done.returncode:
            raise Stop(f"{command[0]} failed on {self.name}: {done.stderr.strip()}")
        return done.stdout

    def value(self, sql: str) -> str:
        return self.run("psql", "--no-psqlrc", "--no-align", "--tuples-only", "--command", sql).strip()

    def check_tool(self, tool: str) -> None:
        """Checks that the tool can read this server: a dump needs the tools of the server's major version or a later one."""
        server = int(self.value("SHOW server_version_num")) // 10000
        if not shutil.which(tool):
            raise Stop(f"'{tool}' is not installed. Install the client of PostgreSQL {server} (Debian: apt-get install"
                       f" postgresql-client-{server}).")
        version = self.run(tool, "--version").split("(PostgreSQL)")[1].split()[0]  # pg_dump (PostgreSQL) 17.2 (Debian …)
        if int(version.split(".")[0]) < server:
            raise Stop(f"{tool} {version} cannot dump or restore a server of version {server}. Install its client (apt-get install"
                       f" postgresql-client-{server}, from https://wiki.postgresql.org/wiki/Apt), and put it first in PATH.")

    def dump(self, file: str) -> None:
        """Dumps the tables of the database, and reads the dump back.

        Without owners and grants: the roles' names contain the stack's name, and the migration of the next deployment sets both.
        """
        schema = self.value("SELECT current_schema()")
        print(f"Dumping {self.name} …", flush=True)
        with open(file, "wb") as output:
            done = subprocess.run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--schema={schema}"],
                                  env=self.environment, stdout=output, stderr=subprocess.PIPE, text=True, errors="replace")
        if done.returncode:
            raise Stop(f"pg_dump failed on {self.name}, and no backup was stored: {done.stderr.strip()}")
        # Reads the whole dump; --list would read its table of contents only.
        done = subprocess.run(["pg_restore", f"--file={os.devnull}", file], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              errors="replace")
        if done.returncode:
            raise Stop(f"pg_restore cannot read the dump, and no backup was stored: {done.stderr.strip()}")

    def restore(self, file: str, stack: str) -> None:
        """Restores a dump into the current schema, in one transaction."""
        listed = self.run("pg_restore", "--list", file).splitlines(keepends=True)
        entries = f"{file}.entries"
        with open(entries, "w", encoding="utf-8") as selected:  # the schema exists already
            selected.writelines(line for line in listed if " SCHEMA - " not in line and " COMMENT - SCHEMA " not in line)
        print(f"Restoring into {self.name} …", flush=True)
        owner = self._prepare_owner(stack)
        self.run("pg_restore", *([f"--role={owner}"] if owner else []), "--no-owner", "--no-privileges", "--single-transaction",
                 f"--use-list={entries}", f"--dbname={self.database}", file)

    def analyze(self) -> None:
        """Collects the planner's statistics, which a dump does not contain."""
        self.value("ANALYZE")

    def revoke_share_links(self) -> int:
        """Revokes all share links that have not expired, and returns their number."""
        return int(self.value("WITH revoked AS (UPDATE share_links SET revoked_at = now() WHERE revoked_at IS NULL AND expires_at > now()"
                              " RETURNING id) SELECT count(*) FROM revoked"))

    def _prepare_owner(self, stack: str) -> str | None:
        """Creates the role that owns the tables, as the migration does. Returns None if all functions use one login, which owns them.

        The migration cannot create it after the restore: it would find tables of a login, and let all functions use that login.
        """
        if self.value("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user") != "t":
            return None
        owner = f"{stack}_owner"
        schema = self.value("SELECT quote_ident(current_schema())")
        # The migration refuses a role without this comment: roles are of the server, and another database's stack may have the same name.
        comment = f"'Steptrail stack {stack}, database ' || current_database()"
        if not self.value(f"SELECT 1 FROM pg_roles WHERE rolname = '{owner}'"):
            literal = self.value(f"SELECT quote_literal({comment})")
            self.value(f'CREATE ROLE "{owner}" NOLOGIN; COMMENT ON ROLE "{owner}" IS {literal}')
        elif self.value(f"SELECT shobj_description(oid, 'pg_authid') = {comment} FROM pg_roles WHERE rolname = '{owner}'") != "t":
            raise Stop(f"This server has a role '{owner}', which belongs to another database; nothing was restored. Restore into a database of"
                       " another server, or for a stack with another name: --stack NAME.")
        self.value(f'GRANT "{owner}" TO CURRENT_USER; GRANT USAGE, CREATE ON SCHEMA {schema} TO "{owner}"')
        return owner
