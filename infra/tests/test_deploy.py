"""infra/deploy with the real AWS CLI and SAM CLI, against moto."""
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

import cloud as accounts
import postgres as servers

PASSWORD = "s3cret 'with\" quotes"
SMALL = ("steptrail", "small", "postgresql://ann@db.example.com:5432/steptrail?sslmode=require", PASSWORD, "ann@example.com", "", "n", "y")
STANDARD = ("steptrail", "", "", "n", "y")
RUN = ("--no-build", "--skip-database-check")
DRY_RUN = RUN + ("--dry-run",)
SECRET = "/steptrail/steptrail/database-password"


@pytest.fixture(scope="module")
def account():
    account = accounts.Cloud()
    yield account
    account.close()


@pytest.fixture
def project(account, tmp_path):
    account.reset()
    return accounts.Project(tmp_path, account)


def deployed(project, stack="steptrail"):
    """Returns the parameters of the stack."""
    found = project.cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}


def run(project, *arguments, answers=(), **environment):
    """Runs the script, and returns its output."""
    status, output = project.run("deploy", *arguments, answers=answers, **environment)
    assert status == 0, output
    return output


def refuse(project, *arguments, answers=(), **environment):
    """Runs the script, which must fail and create nothing, and returns its message."""
    def state():
        stacks = project.cloud.client("cloudformation").list_stacks()["StackSummaries"]
        secrets = project.cloud.client("ssm").describe_parameters()["Parameters"]
        return [stack["StackId"] for stack in stacks], [(secret["Name"], secret["Version"]) for secret in secrets], project.config()

    before = state()
    status, output = project.run("deploy", *arguments, answers=answers, **environment)
    assert status == 1, output
    assert state() == before
    return output.splitlines()[-1]


def planned(project, *arguments, answers=()):
    """Returns the parameters that the script would deploy."""
    output = run(project, *DRY_RUN, *arguments, answers=answers)
    command = shlex.split(output[output.index("\nsam deploy "):])
    return {word.split("=", 1)[0]: word.split("=", 1)[1][1:-1].replace('\\"', '"')
            for word in command[command.index("--parameter-overrides") + 1:]}


def sam(project, *arguments):
    done = subprocess.run(("sam",) + arguments, cwd=project.folder, env=project.cloud.environment(), universal_newlines=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout


def test_first_run_deploys_and_later_runs_ask_nothing(project):
    path = project.folder / "samconfig.toml"
    tracked = path.read_text()
    assert len(SMALL) <= 8

    output = run(project, *RUN, "--cdn", answers=SMALL[:6] + SMALL[7:])

    values = deployed(project)
    assert values["Profile"] == "small"
    assert values["DatabaseUrl"] == "jdbc:postgresql://db.example.com:5432/steptrail"
    assert values["DatabaseUser"] == "ann"
    assert values["DatabasePasswordParameter"] == SECRET
    assert re.fullmatch("[0-9a-f]{64}", values["ReleaseDigest"])
    assert "ApiUrl: https://api.example" in output
    assert "ann@example.com gets an invitation" in output

    # Deletion protection is off until the first deployment has succeeded, and turning it on publishes nothing.
    deployments = [call for call in project.recorded("sam") if call[1] == "deploy"]
    assert [next(word for word in call if word.startswith("DeletionProtection=")) for call in deployments] == [
        'DeletionProtection="false"', 'DeletionProtection="true"']
    assert len({next(word for word in call if word.startswith("ReleaseDigest=")) for call in deployments}) == 1
    assert values["DeletionProtection"] == "true"

    # The secrets are in SSM and nowhere else.
    for name, start in ((SECRET, PASSWORD), ("/steptrail/steptrail/cdn-private-key", "-----BEGIN PRIVATE KEY-----")):
        stored = project.cloud.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        assert (stored["Type"], stored["Version"]) == ("SecureString", 1)
        assert stored["Value"].startswith(start)
    assert values["CdnPublicKey"].startswith("-----BEGIN PUBLIC KEY-----\n")
    for file in [path for path in project.folder.rglob("*") if path.is_file()]:
        assert b"s3cret" not in file.read_bytes() and b"PRIVATE KEY" not in file.read_bytes(), file
    assert "s3cret" not in output and "PRIVATE KEY" not in output

    # The answers are in a file of the stack, and samconfig.toml is as before.
    config = project.configs()
    assert path.read_text() == tracked
    assert "DeletionProtection" not in config["samconfig.steptrail.toml"]

    # A second run asks nothing, and changes nothing.
    run(project, *RUN)
    assert deployed(project) == values
    assert project.configs() == config

    # SAM reads the same answers without the script. The digest is empty, so that SAM publishes changed code.
    sam(project, "build")
    sam(project, "deploy", "--config-file", "samconfig.steptrail.toml", "--no-confirm-changeset", "--no-fail-on-empty-changeset")
    assert deployed(project) == {**values, "ReleaseDigest": ""}


def test_run_without_the_saved_answers_keeps_the_deployed_values(project):
    project.create_stack(RetentionDays="30", DeletionProtection="true")

    values = planned(project, "--stack", "steptrail")

    assert "RetentionDays" not in values and "DatabaseUser" not in values  # SAM keeps the deployed values of the others
    assert values["DatabaseUrl"] == "jdbc:postgresql://db.example.com:5432/steptrail"
    assert values["DeletionProtection"] == "true"


def test_interrupted_first_run_turns_deletion_protection_on_at_the_next_run(project):
    project.create_stack(DeletionProtection="false")

    assert planned(project, "--stack", "steptrail")["DeletionProtection"] == "true"
    assert planned(project, "--stack", "steptrail", "--set", "DeletionProtection=false")["DeletionProtection"] == "false"


def test_new_stack_is_not_protected_even_if_the_last_one_was(project):
    project.save_answers("steptrail", Profile="standard", DeletionProtection="true")

    assert planned(project)["DeletionProtection"] == "false"
    assert planned(project, "--set", "DeletionProtection=true")["DeletionProtection"] == "true"


def test_ask_offers_the_last_answers(project):
    project.create_stack(AdminEmail="ann@example.com")

    values = planned(project, "--ask", answers=("", "", "", "", "ops@example.com", "n"))

    assert values["DatabaseUrl"] == "jdbc:postgresql://db.example.com:5432/steptrail"
    assert values["AlarmEmail"] == "ops@example.com"
    assert values["AdminEmail"] == "ann@example.com"


def test_password_is_not_echoed_on_a_terminal(project):
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, str(project.folder / "infra/deploy"), *DRY_RUN],
                  {**project.cloud.environment(), "PATH": f"{project.programs}:{project.cloud.environment()['PATH']}"})
    shown = ""
    answers = list(SMALL[:-1])
    while True:
        try:
            shown += os.read(terminal, 4096).decode()
        except OSError:  # the program has ended
            break
        if answers and shown.endswith(": "):
            os.write(terminal, f"{answers.pop(0)}\n".encode())

    assert os.waitpid(child, 0)[1] == 0, shown
    assert "ann@example.com" in shown and "All checks passed." in shown
    assert "s3cret" not in shown


def test_password_in_the_connection_string_is_taken_out_of_it(project):
    answers = ("steptrail", "small", "postgres://ann:s3cret%2F1@db.example.com/steptrail", "", "", "n")

    output = run(project, *DRY_RUN, answers=answers)

    assert "DatabaseUrl = jdbc:postgresql://db.example.com:5432/steptrail" in output
    assert "s3cret" not in output + project.calls.read_text() + project.config()


def test_digest_changes_with_the_code_the_parameters_and_the_secrets_only(project):
    project.create_stack(IngestConcurrency="10")

    def digest(*arguments):
        return planned(project, "--stack", "steptrail", *arguments)["ReleaseDigest"]

    first = digest()
    assert digest() == first
    assert digest("--set", "UrlLifetime=PT5M") == first  # the default
    assert digest("--set", "DeletionProtection=false") == first
    changed = [digest("--set", "UrlLifetime=PT6M")]
    project.cloud.client("ssm").put_parameter(Name=SECRET, Value="another", Type="SecureString", Overwrite=True)
    changed.append(digest())
    project.zip("api").write_bytes(b"new code")
    changed.append(digest())
    assert len({first, *changed}) == 4


def test_new_password_replaces_the_stored_one(project):
    project.create_stack()

    run(project, *RUN, "--stack", "steptrail", "--new-password", answers=("another",))

    stored = project.cloud.client("ssm").get_parameter(Name=SECRET, WithDecryption=True)["Parameter"]
    assert (stored["Value"], stored["Version"]) == ("another", 2)


def test_secret_of_any_characters_is_stored_unchanged(project):
    project.create_stack()
    password = "ü相'\\\"$(x) file://x " + "x" * 4000

    run(project, *RUN, "--stack", "steptrail", "--new-password", answers=(password,), LC_ALL="C")

    assert project.cloud.client("ssm").get_parameter(Name=SECRET, WithDecryption=True)["Parameter"]["Value"] == password


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_ended_run_leaves_no_secret_in_a_file(project, number):
    project.create_stack()

    files, status, output = project.interrupt(number, "deploy", *RUN, "--stack", "steptrail", "--new-password", answers=(PASSWORD,),
                                              at=("aws", "'put-parameter' in sys.argv"))

    assert files == []
    assert status != 0 and "Stored" not in output
    assert "s3cret" not in output + project.calls.read_text() + project.config()


@pytest.mark.parametrize("url", [
    "postgresql://ann:s3cret@db.example.com/steptrail", "postgres://ann@h/d?password=s3cret", "postgresql://ann@h/d?sslpassword=s3cret",
    "postgresql://h/d?USER=ann&p%61ssword=s3cret", "jdbc:postgresql://h/d?sslpassword=s3cret", "jdbc:postgresql://h/d?x=y&P%61ssword=s3cret",
    "jdbc:postgresql://ann:s3cret@h/d", "postgresql://ann:s3cret/1@h/d", "postgresql://ann:s3cret#1@h/d",
])
def test_password_in_an_argument_is_refused_and_not_repeated(project, url):
    status, output = project.run("deploy", *RUN, "--set", f"DatabaseUrl={url}")

    assert status == 1
    assert output.startswith("infra/deploy: The ") and output.count("\n") == 1
    assert "s3cret" not in output


def test_second_stack_has_its_own_answers(project):
    project.save_answers("steptrail", AdminEmail="ann@example.com", AlarmEmail="ops@example.com")
    config = project.configs()

    run(project, *RUN, "--stack", "dev", answers=SMALL[1:])

    values = deployed(project, "dev")
    assert (values["DatabasePasswordParameter"], values["AlarmEmail"]) == ("/steptrail/dev/database-password", "")
    answers = project.configs().pop("samconfig.dev.toml")
    assert 'stack_name = "dev"' in answers and 'capabilities = "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"' in answers
    assert {name: text for name, text in project.configs().items() if name != "samconfig.dev.toml"} == config


def test_check_and_dry_run_change_nothing(project):
    config = project.configs()

    for option in ("--check", "--dry-run"):
        output = run(project, *RUN, option, answers=SMALL[:-1])
        assert "All checks passed." in output
        assert "s3cret" not in output
    assert "sam deploy --config-file samconfig.steptrail.toml --stack-name steptrail" in output
    assert project.cloud.client("cloudformation").list_stacks()["StackSummaries"] == []
    assert project.cloud.client("ssm").describe_parameters()["Parameters"] == []
    assert project.configs() == config


def test_declined_creation_changes_nothing(project):
    assert refuse(project, *RUN, answers=SMALL[:-1] + ("n",)) == "infra/deploy: Nothing was deployed."


def test_stack_whose_creation_failed_is_deleted_after_a_question_and_created_again(project):
    project.create_stack()
    first = project.cloud.stack()
    first.status = "ROLLBACK_COMPLETE"

    output = run(project, *RUN, answers=("", "y") + SMALL[1:3] + SMALL[4:])

    assert "The stack 'steptrail' is ROLLBACK_COMPLETE" in output
    assert "Bucket (AWS::S3::Bucket) " in output
    assert "Using the password in the SecureString" in output
    assert project.cloud.stack().stack_id != first.stack_id
    assert deployed(project)["DeletionProtection"] == "true"


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"])
def test_stack_whose_creation_failed_is_not_deleted_without_consent(project, status):
    project.create_stack()
    project.cloud.stack().status = status

    assert "The stack 'steptrail' was not deleted. Delete it, or choose another name" in refuse(project, *RUN, answers=("", "n"))


@pytest.mark.parametrize("status, message", [
    ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name steptrail"),
    ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name steptrail"),
    ("UPDATE_IN_PROGRESS", "Wait until CloudFormation has finished"),
])
def test_stack_that_cannot_be_updated_now_is_reported_with_what_to_do(project, status, message):
    project.create_stack()
    project.cloud.stack().status = status

    assert message in refuse(project, *RUN, "--stack", "steptrail")


@pytest.mark.parametrize("arguments, message", [
    (("--set", "DatabaseUrl=jdbc:postgresql://other/x"), "DatabaseUrl would change from 'jdbc:postgresql://db.example.com:5432/steptrail'"),
    (("--set", "JwtIssuer=https://id.example", "--set", "JwtAudience=x"), "JwtIssuer would change from '' to 'https://id.example'"),
    (("--set", "Profile=standard"), "Profile would change from 'small' to 'standard'"),
])
def test_change_that_leaves_data_behind_is_refused_unless_allowed(project, arguments, message):
    project.create_stack()

    refusal = refuse(project, *RUN, "--stack", "steptrail", *arguments)

    assert message in refusal and "--allow-data-move" in refusal


def test_allowed_data_move_is_deployed(project):
    project.create_stack()

    assert planned(project, "--stack", "steptrail", "--allow-data-move", "--set", "DatabaseUrl=postgresql://bob@other/x")[
        "DatabaseUrl"] == "jdbc:postgresql://other:5432/x"


@pytest.mark.parametrize("arguments", [
    ("--set", "SnapshotIdentifier="), ("--set", "SnapshotIdentifier=snap-2"), ("--set", "SnapshotIdentifier=", "--allow-data-move")])
def test_snapshot_must_stay(project, arguments):
    project.create_stack(Profile="standard", DatabaseUrl="", DatabasePasswordParameter="", SnapshotIdentifier="snap-1")

    assert "SnapshotIdentifier must stay 'snap-1'" in refuse(project, *RUN, "--stack", "steptrail", *arguments)


def test_new_account_gets_a_lower_ingest_concurrency(project):
    project.cloud.set_quota(10)

    assert planned(project, answers=SMALL[:-1])["IngestConcurrency"] == "5"


@pytest.mark.parametrize("setting, message", [
    ("IngestConcurrency=10", "IngestConcurrency=10 does not fit: 10 of this account's 10 concurrent executions are unreserved"),
    ("ApiConcurrency=5", "ApiConcurrency=5 does not fit: Lambda requires 100 unreserved concurrent executions"),
])
def test_quota_that_is_too_small_stops_before_anything_is_created(project, setting, message):
    project.cloud.set_quota(10)

    refusal = refuse(project, *RUN, "--set", setting, answers=SMALL)

    assert message in refusal and "aws service-quotas request-service-quota-increase" in refusal


def test_reservation_of_the_deployed_stack_is_not_counted_twice(project):
    project.create_stack(ApiConcurrency="900")
    project.cloud.set_quota(1000, unreserved=100)

    run(project, *RUN, "--check", "--stack", "steptrail")


def test_standard_checks_the_quota_of_vpcs_and_the_version_of_aurora(project):
    project.cloud.offer_engines("16.8", "17.6", "17.7")
    assert "does not offer Aurora PostgreSQL 17.4 in eu-central-1. Use --set DatabaseVersion= with one of 17.6, 17.7." in refuse(
        project, *RUN, "--profile", "standard", answers=STANDARD)

    for number in range(4):
        project.cloud.client("ec2").create_vpc(CidrBlock=f"10.{number}.0.0/16")
    assert "The region eu-central-1 has 5 VPCs, and the quota is 5." in refuse(
        project, *RUN, "--profile", "standard", answers=STANDARD)


def test_standard_needs_no_database_of_the_user(project):
    values = planned(project, "--profile", "standard", answers=STANDARD[:-1])

    assert values["Profile"] == "standard"
    assert not {"DatabaseUrl", "DatabaseUser", "DatabasePasswordParameter"} & set(values)


@pytest.mark.parametrize("arguments, answers, message", [
    (("--stack", "1st"), (), "'1st' is not a valid stack name"),
    (("--stack", "s" * 41), (), "is not a valid stack name. Use at most 40 letters"),
    (("--set", "Retention=1"), (), "--set Retention: sam-template.yaml has no such parameter"),
    (("--set", "JwtIssuer=http://id.example"), SMALL, "JwtIssuer='http://id.example' is not allowed. Use a value that matches ^(https://.+)?$"),
    (("--set", "JwtIssuer=https://id.example"), SMALL, "JwtIssuer needs JwtAudience"),
    ((), ("steptrail", "large"), "'large' is not a profile"),
    ((), ("steptrail", "small", "mysql://x/y"), "not like postgresql://USER@HOST:PORT/DATABASE"),
    ((), ("steptrail", "small", "jdbc:postgresql://h/d?password=x"), "must not contain a user or a password"),
    ((), ("steptrail", "small", "postgresql://ann@h/d?password=x"), "must not contain a user or a password"),
    ((), ("steptrail", "small", "postgresql://h/d"), "The connection string has no user"),
    ((), ("steptrail",), "No answer to 'Profile"),
])
def test_wrong_input_is_reported_with_what_to_do(project, arguments, answers, message):
    assert message in refuse(project, *RUN, *arguments, answers=answers)


def test_old_and_missing_tools_are_named(project):
    wrapper = project.programs / "sam"
    wrapper.write_text("#!/bin/sh\necho 'SAM CLI, version 1.99.0'\n")
    assert "sam 1.99.0 is too old; version 1.100 or later is needed" in refuse(project, *RUN)

    (project.programs / "aws").unlink()
    assert "'aws' is not installed. Install https://docs.aws.amazon.com/" in refuse(project, *RUN, PATH="/nonexistent")


def test_missing_region_and_credentials_are_named(project):
    assert "No region is set. Run 'aws configure set region REGION'" in refuse(project, *RUN, "--stack", "steptrail", AWS_REGION="",
                                                                                      AWS_DEFAULT_REGION="")
    assert "No valid AWS credentials: " in refuse(project, *RUN, "--stack", "steptrail", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="",
                                                  AWS_EC2_METADATA_DISABLED="true", HOME="/nonexistent")


def test_missing_zips_are_named(project):
    project.zip("api").unlink()

    assert refuse(project, *RUN, answers=SMALL) == (
        "infra/deploy: Missing: functions/api/target/api.zip. Run infra/deploy without --no-build.")


def test_failed_database_check_stops_before_anything_is_created(project):
    operations = accounts.CHECKOUT / "functions/operations/target/operations.zip"
    assert operations.exists(), "build the functions first: mvn package -DskipTests"
    shutil.copy(operations, project.zip("operations"))

    refusal = refuse(project, "--no-build", answers=SMALL[:2] + ("postgresql://ann@127.0.0.1:1/steptrail",) + SMALL[3:])

    assert "Cannot connect to 127.0.0.1:1" in refusal
    assert "s3cret" not in project.calls.read_text()


def test_suitable_database_is_described(project):
    servers.require()
    shutil.copy(accounts.CHECKOUT / "functions/operations/target/operations.zip", project.zip("operations"))

    with servers.server(PASSWORD) as server:
        output = run(project, "--no-build", "--dry-run", answers=SMALL[:2] + (server.url,) + SMALL[3:-1])

    assert "Database host 127.0.0.1: 127.0.0.1\n" in output
    assert "Schema public: empty\n" in output
    assert "Logins: each function gets a separate one, because 'ann' has CREATEROLE\n" in output
    assert "s3cret" not in output + project.calls.read_text()


def test_tables_of_another_stack_are_refused_unless_named(project, tmp_path):
    servers.require()
    shutil.copy(accounts.CHECKOUT / "functions/operations/target/operations.zip", project.zip("operations"))
    with servers.server(PASSWORD) as server:
        server.migrate(project.cloud, "old", tmp_path)
        answers = SMALL[:2] + (server.url,) + SMALL[3:-1]

        refusal = refuse(project, "--no-build", "--dry-run", answers=answers)

        assert "infra/deploy: The database contains the tables of the stack 'old'" in refusal
        assert "--set ExistingStack=old" in refusal
        run(project, "--no-build", "--dry-run", "--set", "ExistingStack=old", answers=answers)
        run(project, "--no-build", "--dry-run", "--stack", "old", answers=answers[1:3] + answers[4:])


def test_failed_deployment_keeps_the_answers_for_the_next_try(project):
    status, output = project.run("deploy", *RUN, answers=SMALL, AWS_ENDPOINT_URL_S3="http://127.0.0.1:1", AWS_MAX_ATTEMPTS="1")

    assert status == 1
    assert "infra/deploy: 'sam deploy' failed" in output.splitlines()[-1]
    run(project, *RUN, "--yes")
    assert deployed(project)["AdminEmail"] == "ann@example.com"


def test_adopt_uses_the_resources_that_a_deleted_stack_kept(project):
    key = project.cloud.client("kms").create_key()["KeyMetadata"]
    project.create_stack("old", ExistingUserPoolId="eu-central-1_abc")  # which it had adopted itself
    bucket = project.cloud.stack("old").resource_map["Bucket"].physical_resource_id
    project.cloud.client("cloudformation").delete_stack(StackName="old")
    project.cloud.keep(project.cloud.stack("old"), {"Bucket": bucket, "Key": key["KeyId"]})

    values = planned(project, "--stack", "new", "--adopt", "old", answers=SMALL[1:-1])

    assert values["ExistingBucket"] == bucket
    assert values["ExistingKeyArn"] == key["Arn"]
    assert values["ExistingUserPoolId"] == "eu-central-1_abc"
    assert values["ExistingStack"] == "old"
    assert planned(project, "--stack", "old", "--adopt", "old", answers=SMALL[1:3] + SMALL[4:-1])["ExistingStack"] == ""
    assert "No deleted stack 'unknown' is known in eu-central-1" in refuse(
        project, *RUN, "--stack", "new", "--adopt", "unknown", answers=SMALL[1:])


@pytest.mark.parametrize("text, jdbc, user", [
    ("postgresql://postgres.abc:[YOUR-PASSWORD]@aws-0-eu-central-1.pooler.supabase.com:5432/postgres",
     "jdbc:postgresql://aws-0-eu-central-1.pooler.supabase.com:5432/postgres?sslrootcert=/var/task/supabase-ca.pem", "postgres.abc"),
    ("postgresql://ann@ep-cool-1.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
     "jdbc:postgresql://ep-cool-1.eu-central-1.aws.neon.tech:5432/neondb", "ann"),
    ("postgresql://ann@db.abc.eu-central-1.rds.amazonaws.com:5432/steptrail?sslrootcert=/var/task/rds-ca.pem",
     "jdbc:postgresql://db.abc.eu-central-1.rds.amazonaws.com:5432/steptrail?sslrootcert=/var/task/rds-ca.pem", "ann"),
])
def test_connection_string_of_a_provider_becomes_a_jdbc_url(text, jdbc, user):
    loader = SourceFileLoader("deploy", str(Path(__file__).parents[1] / "deploy"))
    deploy = module_from_spec(spec_from_loader("deploy", loader))
    loader.exec_module(deploy)

    assert deploy.parse_database(text) == (jdbc, user, None)
