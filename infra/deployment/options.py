"""The options of infra/deploy."""
import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields

DESCRIPTION = """Deploys Steptrail to AWS: checks the account and the database, then builds, deploys, and saves the answers.

  infra/deploy                      asks at most eight questions at the first run, and none later
  infra/deploy --set NAME=VALUE     changes a parameter of sam-template.yaml
  infra/deploy --check              runs the checks only

Secrets are stored in SSM as SecureStrings, and neither written to a file nor printed. The answers are saved in samconfig.STACK.toml, which git
ignores. See docs/deploy.md.
"""


@dataclass
class Options:
    stack: str | None
    region: str | None
    profile: str | None
    set: list[tuple[str, str]]
    cdn: bool | None
    adopt: str | None
    ask: bool
    new_password: bool
    yes: bool
    check: bool
    dry_run: bool
    no_build: bool
    skip_database_check: bool
    allow_data_move: bool

    @property
    def is_change(self) -> bool:
        return not (self.check or self.dry_run)


def assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE")
    return name, value


def option_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="infra/deploy", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--stack", metavar="NAME", help="the stack; default: the only one with saved answers")
    add("--region", metavar="REGION", help="default: that of the last run, or of the AWS configuration")
    add("--profile", choices=("small", "standard"), help="the template's parameter Profile")
    add("--set", metavar="NAME=VALUE", type=assignment, action="append", default=[], help="a parameter of sam-template.yaml")
    add("--cdn", action="store_const", const=True, help="create a key pair for CloudFront, without asking")
    add("--no-cdn", action="store_const", const=False, dest="cdn", help="do not use CloudFront, without asking")
    add("--adopt", metavar="STACK", help="use the retained resources of a deleted stack (its name or ARN)")
    add("--ask", action="store_true", help="ask all questions again, with the last answers as defaults")
    add("--new-password", action="store_true", help="ask for the database's password and replace the stored one")
    add("--yes", action="store_true", help="confirm the creation, and the deletion of a failed stack with its empty database")
    add("--check", action="store_true", help="run the checks only")
    add("--dry-run", action="store_true", help="run the checks and print the commands")
    add("--no-build", action="store_true", help="deploy the zips in functions/*/target")
    add("--skip-database-check", action="store_true", help="for a database that this machine cannot reach")
    add("--allow-data-move", action="store_true", help="allow a change that leaves the stack's data behind")
    return parser


def parse_options(arguments: Sequence[str] | None = None) -> Options:
    parsed = vars(option_parser().parse_args(arguments))
    return Options(**{field.name: parsed[field.name] for field in fields(Options)})
