"""The choices of a deployment, which questions and options make: the stack's name, and values of the template's parameters."""
import re
import shlex

from .adoption import adopt
from .answers import only_saved_stack
from .cdn import create_private_key, public_key_of
from .checkout import ZIPS
from .context import Context
from .errors import Stop
from .options import Options
from .questions import Check, Questions, invalid_address, invalid_consent, invalid_profile
from .small_database import SmallDatabase

STACK_NAME = re.compile("[a-zA-Z][-a-zA-Z0-9]{0,39}")
REPEATED_FLAGS = ("new_password", "yes", "check", "dry_run", "skip_database_check", "allow_data_move")


def choose_stack(options: Options, questions: Questions) -> str:
    name = options.stack
    if not name:
        name = only_saved_stack()
        if not name or options.ask:
            name = questions.ask("Name of the stack", name or "steptrail", option="--stack NAME")
    if not STACK_NAME.fullmatch(name):
        raise Stop(f"'{name}' is not a valid stack name. Use at most 40 letters, digits and hyphens, starting with a letter.")
    return name


def choose_values(context: Context, database: SmallDatabase) -> None:
    values, options, questions = context.values, context.options, context.questions

    def ask(name: str, question: str, check: Check, option: str = "") -> None:
        if context.asks and name not in values.given:
            values.chosen[name] = questions.ask(question, values[name], check=check, option=option or f"--set {name}=ADDRESS")

    ask("Profile", "Profile: small (your own Postgres) or standard (with a network and an Aurora database)", invalid_profile, "--profile")
    values.drop_other_profile()
    if options.adopt:
        values.chosen.update(adopt(context.account, options.adopt, context.stack.name, values.given))
    if values["Profile"] == "small":
        database.choose()
    ask("AdminEmail", "E-mail address of the first admin, for the invitation (empty: none)", invalid_address)
    ask("AlarmEmail", "E-mail address for alarms (empty: none)", invalid_address)
    choose_cdn(context)


def choose_cdn(context: Context) -> None:
    values, options = context.values, context.options
    has_cdn = bool(values["CdnPublicKey"])
    if context.asks and options.cdn is None and not has_cdn:
        answer = context.questions.ask("Serve screenshots by CloudFront? y or n", "n", check=invalid_consent, option="--cdn or --no-cdn")
        options.cdn = answer.lower().startswith("y")
    if options.cdn and not has_cdn:
        name = context.name_secret("CdnPrivateKeyParameter", "cdn-private-key")
        if context.account.secret_version(name):
            private_key = context.account.read_secret(name)
        else:
            private_key = context.new_secrets[name] = create_private_key()
        values.chosen["CdnPublicKey"] = public_key_of(private_key)
    elif options.cdn is False and has_cdn:
        values.chosen.update(CdnPublicKey="", CdnPrivateKeyParameter="")


def print_repeat_command(context: Context) -> None:
    """Prints a command with the answers that were given, except for secrets."""
    if not context.questions.has_asked:
        return
    options, values = context.options, context.values
    words = ["infra/deploy", "--stack", context.stack.name] + (["--region", options.region] if options.region else [])
    if all(zip_file.exists() for zip_file in ZIPS):
        words.append("--no-build")
    words += [f"--{name.replace('_', '-')}" for name in REPEATED_FLAGS if getattr(options, name)]
    if options.cdn is not None:
        words.append("--cdn" if options.cdn else "--no-cdn")
    for name, value in sorted(values.chosen.items()):
        if not name.startswith("Cdn") and value != values.saved.get(name):
            words += ["--set", f"{name}={value}"]
    print(f"To run it again with the same answers:\n  {' '.join(map(shlex.quote, words))}")
