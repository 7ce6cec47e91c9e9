"""infra/backup."""
import argparse
import datetime
import getpass
import os
import sys
import tempfile
import urllib.parse

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig

from . import errors
from .account import Account
from .answers import only_saved_stack, saved_value
from .choices import STACK_NAME
from .database import parse_database
from .errors import AWS_ERRORS, Stop, describe, has_code
from .postgres import Postgres
from .stack import describe_stack, outputs_of, parameters_of

DESCRIPTION = """Backs up the Postgres of a stack with Profile=small into the stack's bucket, and restores a backup into another one.

  infra/backup [--stack NAME]                                    writes s3://BUCKET/backups/TIME.dump
  infra/backup --list [--stack NAME]                             lists the backups
  infra/backup --restore s3://BUCKET/backups/TIME.dump --into postgresql://USER@HOST:PORT/DATABASE [--stack NAME]

Needs pg_dump, pg_restore and psql of the server's version or later, and space for the dump in the temporary directory (TMPDIR). A backup
contains the rows of the database; the screenshots are in the bucket. --restore reads the password of USER from standard input. It revokes
all share links, because those that were revoked after the backup would work again. See docs/back-up-and-restore.md.
"""

# Uploads in parts, also a small dump: S3 stores the object after the last part, so an interrupted upload is no backup.
IN_PARTS = TransferConfig(multipart_threshold=1)


class BackedUpStack:
    def __init__(self, account: Account, name: str) -> None:
        self.account = account
        self.name = name
        stack = describe_stack(account, name)
        if not stack:
            raise Stop(f"The stack '{name}' does not exist in {account.region}. Check --stack and --region.")
        self.parameters = parameters_of(stack)
        self.bucket = outputs_of(stack).get("BucketName", "")
        if not self.bucket:
            raise Stop(f"The stack '{name}' is {stack['StackStatus']} and has no bucket. Deploy it first: infra/deploy --stack {name}")

    def database(self) -> Postgres:
        if not self.parameters.get("DatabaseUrl"):
            raise Stop(f"The stack '{self.name}' has its own Aurora database, which AWS backs up. See 'Restore the database' in"
                       " infra/RUNBOOK.md.")
        name = self.parameters["DatabasePasswordParameter"]
        replace = f"'infra/deploy --stack {self.name} --new-password'"
        try:
            password = self.account.read_secret(name)
        except AWS_ERRORS as e:
            if not has_code(e, "ParameterNotFound"):
                raise
            raise Stop(f"The SecureString {name}, the database's password, does not exist. Store it with {replace}.") from e
        return Postgres(self.parameters["DatabaseUrl"], self.parameters["DatabaseUser"], password,
                        f"If the password was changed at the provider, replace the stored one with {replace}.")

    def print_backups(self) -> None:
        backups = list(self.account.session.resource("s3").Bucket(self.bucket).objects.filter(Prefix="backups/"))
        for each in backups:
            print(f"{each.last_modified:%Y-%m-%d %H:%M:%S} {each.size:>12,} s3://{self.bucket}/{each.key}")
        if not backups:
            print(f"s3://{self.bucket}/backups/ contains no backups. infra/backup --stack {self.name} stores one.")

    def back_up(self) -> None:
        database = self.database()
        database.check_tool("pg_dump")
        database.check_tool("pg_restore")
        key = f"backups/{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H-%M-%SZ}.dump"
        target = f"s3://{self.bucket}/{key}"
        with tempfile.TemporaryDirectory() as folder:  # readable by this user only
            dump = os.path.join(folder, "dump")
            database.dump(dump)
            size = os.path.getsize(dump)
            print(f"Uploading {size:,} bytes to {target} …", flush=True)
            try:
                self.account.client("s3").upload_file(dump, self.bucket, key, Config=IN_PARTS)
            except (*AWS_ERRORS, Boto3Error) as e:
                raise Stop(f"The upload to {target} failed, and no backup was stored: {describe(e)}") from e
        print(f"Stored {target} ({size:,} bytes). To restore it:\n  infra/backup --restore {target} --into postgresql://USER@HOST:PORT/DATABASE")


def restore(account: Account, source: str, into: str, stack: str, keeps_share_links: bool) -> None:
    target = parse_database(into, is_argument=True)
    if not target.user:
        raise Stop("--into has no user. Use postgresql://USER@HOST:PORT/DATABASE.")
    password = getpass.getpass(f"Password of {target.user}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    database = Postgres(target.jdbc_url, target.user, password)
    database.check_tool("pg_restore")
    tables = database.value("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')")
    if tables != "0":
        raise Stop(f"{database.name} contains {tables} tables; nothing was changed. Restore into an empty database: CREATE DATABASE steptrail.")
    with tempfile.TemporaryDirectory() as folder:
        dump = os.path.join(folder, "dump")
        download(account, source, dump)
        database.restore(dump, stack)
    if not keeps_share_links:
        try:
            revoked = database.revoke_share_links()
        except (Stop, KeyboardInterrupt):
            print("The rows are restored, but the share links are not revoked. Run in the database: UPDATE share_links SET revoked_at = now()"
                  " WHERE revoked_at IS NULL", file=sys.stderr)
            raise
        print(f"Revoked {revoked} share links, because a link that was revoked after the backup would work again.")
    database.analyze()
    print(f"Restored {database.value('SELECT count(*) FROM tasks')} tasks. Those that were deleted after the backup are there again: delete them again.")
    print("Now deploy with this database, which creates the logins:\n"
          f"  infra/deploy --stack {stack} --allow-data-move --new-password --set DatabaseUrl={target.jdbc_url}"
          f" --set DatabaseUser={target.user}")


def download(account: Account, source: str, file: str) -> None:
    url = urllib.parse.urlsplit(source)
    if url.scheme != "s3" or not url.netloc or len(url.path) < 2:
        raise Stop(f"'{source}' is not the address of a backup. Use s3://BUCKET/backups/TIME.dump; infra/backup --list lists the backups.")
    try:
        account.client("s3").download_file(url.netloc, url.path[1:], file)
    except AWS_ERRORS as e:
        raise Stop(f"Cannot read {source}: {describe(e)}. infra/backup --list lists the backups.") from e


def option_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="infra/backup", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stack", metavar="NAME", help="the stack that is backed up, or that will use the restored database;"
                        " default: the only one with saved answers")
    parser.add_argument("--region", metavar="REGION")
    parser.add_argument("--list", action="store_true", help="list the backups")
    parser.add_argument("--restore", metavar="S3-URL", help="the backup to restore")
    parser.add_argument("--into", metavar="URL", help="an empty database")
    parser.add_argument("--keep-share-links", action="store_true", help="do not revoke the share links in the restored database")
    return parser


def main() -> None:
    parser = option_parser()
    options = parser.parse_args()
    if bool(options.restore) != bool(options.into):
        parser.error("--restore and --into belong together")
    stack = options.stack or only_saved_stack() or "steptrail"
    if not STACK_NAME.fullmatch(stack):
        raise Stop(f"'{stack}' is not a valid stack name.")
    account = Account(options.region or saved_value(stack, "region"))
    if options.restore:
        restore(account, options.restore, options.into, stack, options.keep_share_links)
    elif options.list:
        BackedUpStack(account, stack).print_backups()
    else:
        BackedUpStack(account, stack).back_up()


if __name__ == "__main__":
    errors.run("infra/backup", main)
