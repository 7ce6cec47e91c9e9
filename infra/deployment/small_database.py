"""The database of profile small, which the user brings: its choice, its check, and the functions' connections to it."""
import sys

from .checkout import OPERATIONS_ZIP
from .context import Context
from .database import (MIN_API, MIN_INGEST, OTHER_CONNECTIONS, SUPABASE_POOL_SIZE, Database, check_database, fit_connections, fit_pool,
                       needed_connections, parse_database)
from .errors import Stop


class SmallDatabase:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._values = context.values
        self._is_checked = False
        self._free_connections: int | None = None

    def choose(self) -> None:
        """Sets DatabaseUrl, DatabaseUser and the password. On a terminal, asks again if the database cannot be used."""
        context, values = self._context, self._values
        secret = context.name_secret("DatabasePasswordParameter", "database-password")
        is_stored = context.account.secret_version(secret) > 0 and not context.options.new_password
        given = values.given.get("DatabaseUrl") or (None if context.asks else self._deployed_url())
        while True:
            database = parse_database(given or context.questions.ask(
                "Database: your provider's connection string, postgresql://USER@HOST:PORT/DATABASE", values["DatabaseUrl"],
                check=self._invalid, option="--set DatabaseUrl=postgresql://USER@HOST:PORT/DATABASE"))
            values.chosen["DatabaseUrl"] = database.jdbc_url
            if database.user and "DatabaseUser" not in values.given:
                values.chosen["DatabaseUser"] = database.user
            if not is_stored:
                context.new_secrets[secret] = database.password or self._ask_password(secret)
            elif context.asks:
                print(f"Using the password in the SecureString {secret}; --new-password replaces it.")
            if not context.asks or not OPERATIONS_ZIP.exists():
                return
            try:
                return self.check()  # now, because the answers to correct are still on the screen
            except Stop as e:
                if not sys.stdin.isatty():
                    raise
                print(e)
                given, is_stored = None, False

    def _deployed_url(self) -> str:
        if not self._values["DatabaseUrl"]:
            raise Stop("Profile small needs DatabaseUrl, the address of your Postgres: --set"
                       " DatabaseUrl=postgresql://USER@HOST:PORT/DATABASE. Profile standard creates a database.")
        return self._values["DatabaseUrl"]

    def _ask_password(self, secret: str) -> str:
        return self._context.questions.ask(
            f"Password of {self._values['DatabaseUser']}", secret=True, check=lambda answer: None if answer else "The password is empty.",
            option=f"--set DatabasePasswordParameter=NAME with the name of an SSM SecureString that contains it (default: {secret})")

    def _invalid(self, answer: str) -> str | None:
        try:
            user = parse_database(answer).user
        except Stop as e:
            return str(e)
        if not user and answer != self._values["DatabaseUrl"] and "DatabaseUser" not in self._values.given:
            return "The connection string has no user. Use postgresql://USER@HOST:PORT/DATABASE, or pass --set DatabaseUser=USER."
        return None

    def check(self) -> None:
        """Checks the database once, if the profile is small."""
        values, context = self._values, self._context
        if values["Profile"] != "small" or self._is_checked:
            return
        url, secret = values["DatabaseUrl"], values["DatabasePasswordParameter"]
        if context.options.skip_database_check or "=/opt/" in url:
            print("The database is not checked.")
        else:
            password = context.new_secrets.get(secret) or context.account.read_secret(secret)
            checked = check_database(Database(url, values["DatabaseUser"], password))
            owner, name = checked.owning_stack, context.stack.name
            if owner and owner not in (name, values["ExistingStack"]):
                raise Stop(f"The database contains the tables of the stack '{owner}', which could not use them any more. Use another"
                           f" database: CREATE DATABASE {name.replace('-', '_').lower()}. If that stack was deleted, pass --set"
                           f" ExistingStack={owner}, and this stack takes the tables over.")
            self._free_connections = checked.free_connections
        self._is_checked = True

    def fit_connections(self) -> None:
        """Checks that the database has as many connections as the functions may open. Lowers parameters that are not set."""
        self._fit_pool()
        values, free = self._values, self._free_connections
        if free is None:
            return
        ingest, api = values.number("IngestConcurrency"), values.number("ApiConnections")
        needed = needed_connections(ingest, api)
        if needed <= free:
            return
        reason = (f"The database has {free} connections, and the functions may open {needed}: 2 × IngestConcurrency ({ingest}) +"
                  f" ApiConnections ({api}) + {OTHER_CONNECTIONS}.")
        fixed = {name for name in ("IngestConcurrency", "ApiConnections") if values.is_set(name)}
        fitting = fit_connections(free, ingest, api, fixed)
        if not fitting:
            raise Stop(f"{reason} The smallest values need {needed_connections(MIN_INGEST, MIN_API)}. Raise max_connections of the database.")
        lowered = dict(zip(("IngestConcurrency", "ApiConnections"), fitting))
        if any(lowered[name] != values.number(name) for name in fixed):
            raise Stop(f"{reason} Use {' '.join(f'--set {name}={value}' for name, value in lowered.items())}, or raise max_connections.")
        values.chosen.update({name: str(value) for name, value in lowered.items()})
        print(f"{reason} Set to fit: {', '.join(f'{name}={value}' for name, value in lowered.items())}.")

    def _fit_pool(self) -> None:
        values = self._values
        fitting = fit_pool(values["DatabaseUrl"], values.number("IngestConcurrency"), values.number("ApiConnections"))
        lowered = {name: value for name, value in zip(("IngestConcurrency", "ApiConnections"), fitting)
                   if value < values.number(name) and not values.is_set(name)}
        if lowered:
            values.chosen.update({name: str(value) for name, value in lowered.items()})
            print(f"Supabase's session pooler allows {SUPABASE_POOL_SIZE} connections of each login, unless Pool Size is raised in its database"
                  f" settings. Set to fit: {', '.join(f'{name}={value}' for name, value in lowered.items())}.")
