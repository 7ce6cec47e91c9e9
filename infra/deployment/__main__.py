"""infra/deploy."""
from . import errors
from .account import Account
from .adoption import protect_adopted
from .adoption import check_user_pool
from .answers import save_answers, saved_parameters, saved_value
from .checkout import TEMPLATE
from .choices import choose_stack, choose_values, print_repeat_command
from .context import Context
from .database import parse_database
from .errors import AWS_ERRORS, Stop
from .java import check_java
from .options import Options, parse_options
from .questions import Questions
from .quotas import check_aurora_version, check_concurrency, check_new_network, choose_snapshot_version
from .release import build, confirm_creation, deploy, print_outputs
from .small_database import SmallDatabase
from .stack import Stack
from .template import Template
from .values import Values


def main() -> None:
    options = parse_options()
    template = Template.read(TEMPLATE)
    given = given_values(options, template)
    check_java()
    questions = Questions(options.yes)
    name = choose_stack(options, questions)
    account = Account(options.region or saved_value(name, "region"))
    account.sign_in()
    stack = Stack(account, name)
    stack.print_failed(template.retained)
    if options.is_change:
        stack.delete_failed(questions)
    context = Context(options, questions, account, stack, Values(template, given, saved_parameters(name), stack.parameters))
    try:
        choose_and_check(context)
    except (Stop, *AWS_ERRORS):
        print_repeat_command(context)
        raise
    if options.is_change:
        for secret, value in context.new_secrets.items():
            account.store_secret(secret, value)
        save_answers(name, account.region, context.values.chosen, context.release_salt)
    if not options.check:
        deploy(context)
    if options.is_change:
        print_outputs(context)
        protect_adopted(account, context.values, given.get("DeletionProtection") != "false")


def given_values(options: Options, template: Template) -> dict[str, str]:
    """Returns the values on the command line, after checking them."""
    given = dict(options.set)
    if options.profile:
        given["Profile"] = options.profile
    template.check_names(given)
    if given.get("DatabaseUrl"):
        parse_database(given["DatabaseUrl"], is_argument=True)
    template.check({name: value for name, value in given.items() if name != "DatabaseUrl"})  # may be a connection string
    return given


def choose_and_check(context: Context) -> None:
    account, values, options = context.account, context.values, context.options
    database = SmallDatabase(context)
    choose_values(context, database)
    values.check()
    values.check_data_parameters(context.stack.name, options.allow_data_move)
    values.check_admin()
    if values["ExistingUserPoolId"]:
        check_user_pool(account, values["ExistingUserPoolId"])
    check_concurrency(account, values)
    if values["Profile"] == "standard" and not context.stack.exists:
        if not values["ExistingSubnetIds"]:
            check_new_network(account)
        if values["SnapshotIdentifier"]:
            choose_snapshot_version(account, values)
        if not values["ExistingClusterId"]:
            check_aurora_version(account, values["DatabaseVersion"])
    build(options.no_build)
    database.check()
    database.fit_connections()
    print("All checks passed.")
    if not options.check:
        confirm_creation(context)


if __name__ == "__main__":
    errors.run("infra/deploy", main)
