"""The pages on operation: their messages and commands are those of the scripts, and the runbook's first steps work."""
import io
import json
import re
import subprocess
import zipfile

import pytest
from awscli.clidriver import create_clidriver

import cloud as accounts
from deployment import backup, options

REMOVAL = (accounts.CHECKOUT / "docs/upgrade.md").read_text().split("\n## Remove\n")[1]
PAGE = "\n".join((accounts.CHECKOUT / f"docs/{page}.md").read_text() for page in ("deploy", "upgrade", "back-up-and-restore", "troubleshooting"))
USERS = (accounts.CHECKOUT / "docs/sign-in.md").read_text()
RUNBOOK = (accounts.CHECKOUT / "infra/RUNBOOK.md").read_text()
SOURCES = [*(accounts.CHECKOUT / "infra/deployment").glob("*.py"), accounts.CHECKOUT / "infra/python-environment.sh",
           accounts.CHECKOUT / "sam-template.yaml",
           *(accounts.CHECKOUT / "functions/store/src/main/java/dev/steptrail/store" / f"{name}.java"
             for name in ("roles/DatabaseCheck", "roles/Preconditions", "jdbc/Ipv6Hint")),
           *(accounts.CHECKOUT / "agent-client" / file for file in (
               "cli/src/main/java/dev/steptrail/cli/command/ApiCommand.java",
               "cli/src/main/java/dev/steptrail/cli/shipping/DeliveryCheck.java",
               "cli/src/main/java/dev/steptrail/cli/api/ApiErrors.java", "shipper/src/main/java/dev/steptrail/shipper/AwsErrors.java"))]

# Messages of AWS, git, Supabase and of the sign-in page, which no source of this project contains.
FOREIGN = re.compile("Unable to locate|ExpiredToken|Service-linked|redirect_mismatch|CloudFront: |CREATE_FAILED|UPDATE_FAILED|UPDATE_ROLLBACK_COMPLETE|"
                     "BucketPolicy|SignInDomain|already exists|AlreadyExists|DELETE_FAILED|DependencyViolation|^git |not authorized to perform|^error: |AgentPolicy|user pool cannot|"
                     "Cannot delete protected|MaxClientsInSessionMode|execution role|NonExistentQueue|Bucket(?:Not)?Empty|NonEmptyBucket|"
                     "not in available state|InvalidDBClusterState")


def test_messages_in_the_failure_tables_exist():
    rows = re.findall(r"^\| failure \| fix \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE, re.M)
    messages = [message for row in "".join(rows).splitlines() for message in re.findall(r"`([^`]+)`", row.split(" | ")[0])]
    sources = re.sub(r'"\s*\n\s*\+?\s*f?"', "", "\n".join(path.read_text() for path in SOURCES))  # joins adjacent literals
    assert len(messages) > 20

    # Values, numbers and states vary; the text between them must be in the sources.
    unknown = [message for message in messages if not FOREIGN.search(message) and not all(
        part.strip("'. ") in sources for part in re.split(r"…|'[^']*'|(?<!\w)[\d.]+|\b[A-Z]+_[A-Z_]+", message))]

    assert unknown == []


def test_options_in_commands_exist():
    for script, module in (("deploy", options), ("backup", backup)):
        known = {option for action in module.option_parser()._actions for option in action.option_strings}
        for command in re.findall(rf"infra/{script}((?: +[^\s`|;&]+)+)", PAGE + RUNBOOK):
            for option in re.findall(r"--[a-z-]+", command):
                assert option in known, f"infra/{script}{command}"


def test_commands_of_the_aws_cli_and_their_options_exist():
    driver = create_clidriver()
    services, everywhere = driver._get_command_table(), driver._get_argument_table()
    text = re.sub(r"'[^'\n]*'", "TEXT", PAGE + USERS + RUNBOOK)
    inner = []
    while re.search(r"\$\([^()]*\)", text):  # from the inside to the outside
        text = re.sub(r"\$\(([^()]*)\)", lambda match: inner.append(match.group(1)) or "VALUE", text)
    text = re.sub(r'"[^"\n]*"', "TEXT", "\n".join([text] + inner))
    commands = re.findall(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)((?:\\\n|[^|;)`\n])*)", text)
    checked = 0
    for service, operation, rest in commands:
        if (service, operation) == ("logs", "tail") or service in ("s3", "configure", "sso") or operation == "wait":
            continue  # version 2 of the AWS CLI, or without an operation of the API
        arguments = services[service]._get_command_table()[operation].arg_table
        for option in re.findall(r"--([a-z0-9-]+)", rest.split(" #")[0]):
            assert option in arguments or option in everywhere, f"aws {service} {operation} --{option}"
        checked += 1
    assert checked > 25


def test_parameters_in_commands_exist():
    template = (accounts.CHECKOUT / "sam-template.yaml").read_text()
    for name in re.findall(r"--set (?:')?(\w+)=", PAGE):
        assert f"\n  {name}:\n    Type:" in template, name


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    account = accounts.Cloud()
    project = accounts.Project(tmp_path_factory.mktemp("project"), account)
    project.create_stack()
    yield project
    account.close()


def run(project, script):
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=project.cloud.environment(), universal_newlines=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_functions_of_the_runbook_find_the_resources(project):
    block = re.search(r"## First steps.*?```sh\n(.*?)```", RUNBOOK, re.S).group(1)
    functions = "".join(line + "\n" for line in block.splitlines() if re.match(r"STACK=|\w+\(\)", line))

    done = run(project, functions + "id StepsQueue; out ApiUrl")

    assert done.returncode == 0, done.stderr
    queue, api = done.stdout.splitlines()
    assert queue.startswith("http") and api == "https://api.example"


def test_retained_resources_are_listed_as_the_page_describes(project):
    project.create_stack("gone")
    stack = project.cloud.stack("gone")
    project.cloud.client("cloudformation").delete_stack(StackName="gone")
    project.cloud.keep(stack, {"Bucket": "gone-bucket"})
    block = re.search(r"(ID=\$\(.*?)\n```", PAGE, re.S).group(1)

    done = run(project, block.replace("steptrail", "gone"))

    assert done.returncode == 0, done.stderr
    assert "gone-bucket" in done.stdout


def test_ingest_of_the_new_stack_reads_the_old_queue_as_the_page_describes(project):
    iam, queues, functions = (project.cloud.client(service) for service in ("iam", "sqs", "lambda"))
    role = iam.create_role(RoleName="ingest", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    with io.BytesIO() as file:
        zipfile.ZipFile(file, "w").close()
        version = functions.create_function(FunctionName="ingest", Runtime="java21", Role=role, Handler="Handler", Code={"ZipFile": file.getvalue()},
                                            Publish=True)["Version"]
    functions.create_alias(FunctionName="ingest", Name="live", FunctionVersion=version)
    dead = queues.create_queue(QueueName="dead")["QueueUrl"]
    dead_arn = queues.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    old = queues.create_queue(QueueName="old", Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 250})})["QueueUrl"]
    start, end = re.findall(r"```sh example\n((?:OLD=|aws lambda delete-event).*?)```", PAGE, re.S)
    # These belong to no stack here, and version 1 of the AWS CLI has another default endpoint for SQS.
    found = f"id() {{ echo ingest; }}\naws() {{ command aws --endpoint-url {project.cloud.endpoint} \"$@\"; }}\n"
    start = re.sub(r"^aws sqs start-message-move-task .*\n", "", start, flags=re.M)  # moto does not have it
    start = re.sub(r"^id\(\).*\n", found, start.replace("<StepsQueue>", old).replace("<StepsDeadLetterQueue>", dead), flags=re.M)

    done = run(project, start)

    assert done.returncode == 0, done.stderr
    assert '"ApproximateNumberOfMessages": "0"' in done.stdout
    mapping, = functions.list_event_source_mappings()["EventSourceMappings"]
    assert mapping["EventSourceArn"].endswith(":old") and ":function:ingest:" in mapping["FunctionArn"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    statement, = iam.get_role_policy(RoleName="ingest", PolicyName="ReadOldQueue")["PolicyDocument"]["Statement"]
    assert statement["Resource"] == mapping["EventSourceArn"]
    assert queues.get_queue_attributes(QueueUrl=old, AttributeNames=["All"])["Attributes"]["MessageRetentionPeriod"] == "1209600"

    done = run(project, f"MAPPING={mapping['UUID']} OLD={old} DEAD={dead}\n{found}{end}")

    assert done.returncode == 0, done.stderr
    assert functions.list_event_source_mappings()["EventSourceMappings"] == []
    assert iam.list_role_policies(RoleName="ingest")["PolicyNames"] == []
    assert queues.list_queues(QueueNamePrefix="old").get("QueueUrls", []) == []


def test_each_retained_resource_is_deleted_by_the_page():
    template = (accounts.CHECKOUT / "sam-template.yaml").read_text()
    retained = set(re.findall(r"^  (\w+):(?:(?!^  \w).)*?^    DeletionPolicy: Retain", template, re.M | re.S))
    with_another = {"AdminGroup", "AdminUser", "AdminMembership", "StepsQueuePolicy", "StepsDeadLetterQueuePolicy"}
    assert with_another < retained

    assert {name for name in re.findall(r"^aws .* (?:s3://)?<(\w+)>", REMOVAL, re.M)} == retained - with_another


def test_users_are_added_promoted_and_disabled_as_the_page_describes(project):
    cognito = project.cloud.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="users", UsernameAttributes=["email"])["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool, GroupName="steptrail-admin")
    add, disable = re.findall(r"```sh example\n((?:POOL=|aws cognito).*?)```", USERS, re.S)

    done = run(project, add.replace("<UserPoolId>", pool))

    assert done.returncode == 0, done.stderr
    user, = cognito.list_users_in_group(UserPoolId=pool, GroupName="steptrail-admin")["Users"]
    assert {"Name": "email", "Value": "bob@example.com"} in user["Attributes"] and user["Enabled"]
    done = run(project, f"POOL={pool}\n{disable}")
    assert done.returncode == 0, done.stderr
    assert not cognito.admin_get_user(UserPoolId=pool, Username="bob@example.com")["Enabled"]
