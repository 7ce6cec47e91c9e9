"""infra/deploy: where answers come from and go to, and which of them it refuses. With the real AWS CLI and SAM CLI, against moto."""
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys

import pytest

import cloud as accounts
import postgres as servers
from test_deploy import DRY_RUN, PASSWORD, RUN, SECRET, SMALL, account, deployed, planned, project, refuse, run  # noqa: F401

DEPLOYED_URL = "jdbc:postgresql://db.example.com:5432/steptrail"
OPTIONS = ("--stack", "steptrail", "--profile", "small", "--set", "DatabaseUrl=postgresql://ann@db.example.com/steptrail", "--set",
           "AdminEmail=", "--set", "AlarmEmail=", "--no-cdn")


def on_terminal(project, *arguments, answers):
    """Runs the script on a terminal, and returns its exit status and what the terminal shows."""
    child, terminal = pty.fork()
    if child == 0:
        environment = {**project.cloud.environment(), "PATH": f"{project.programs}:{project.cloud.environment()['PATH']}"}
        os.execve(sys.executable, [sys.executable, str(project.folder / "infra/deploy"), *arguments], environment)
    shown, left = "", list(answers)
    while True:
        try:
            shown += os.read(terminal, 4096).decode()
        except OSError:  # the program has ended
            break
        if shown.endswith(": "):
            assert left, shown
            os.write(terminal, f"{left.pop(0)}\n".encode())
    return os.waitpid(child, 0)[1], shown.replace("\r\n", "\n")


def repeated(output):
    """Returns the arguments of the printed command that repeats a run."""
    return shlex.split(output.split("To run it again with the same answers:\n")[1].splitlines()[0])[1:]


# Each stack has its own answers

def test_another_stack_gets_no_answers_of_the_first(project):
    project.save_answers("steptrail", Profile="small", DatabaseUrl=DEPLOYED_URL, DatabaseUser="ann", DatabasePasswordParameter=SECRET,
                         ExistingBucket="steptrail-bucket", CdnPublicKey="key", CdnPrivateKeyParameter="/k", AdminEmail="ann@example.com")

    values = planned(project, "--ask", answers=("dev", "small", "postgresql://bob@other/x", "the password", "", "", "n"))

    assert values == {
        "AdminEmail": "", "AlarmEmail": "", "DatabasePasswordParameter": "/steptrail/dev/database-password", "DatabaseUser": "bob",
        "DatabaseUrl": "jdbc:postgresql://other:5432/x", "DeletionProtection": "false", "Profile": "small",
        "ReleaseDigest": values["ReleaseDigest"]}


def test_answers_of_several_stacks_need_a_choice(project):
    project.save_answers("steptrail", Profile="standard")
    project.save_answers("dev", Profile="standard")

    assert "There are answers of several stacks: dev, steptrail. Choose one with --stack NAME." in refuse(project, *RUN)
    assert planned(project, "--stack", "dev")["Profile"] == "standard"


def test_saved_region_is_that_of_the_stack(project):
    project.save_answers("dev", Profile="standard")
    path = project.folder / "samconfig.dev.toml"
    path.write_text(path.read_text() + 'region = "eu-west-3"\n')

    assert "region eu-west-3" in run(project, *DRY_RUN)
    assert "region eu-central-1" in run(project, *DRY_RUN, "--stack", "other", "--profile", "standard", answers=("", "", "n"))


def test_answers_of_a_guided_deployment_are_used(project):
    path = project.folder / "samconfig.toml"
    text = path.read_text().replace('stack_name = "steptrail"', 'stack_name = "lab"')
    path.write_text(text + 'parameter_overrides = "Profile=\\"standard\\" RetentionDays=\\"7\\" DeletionProtection=\\"false\\""\n')

    assert planned(project)["RetentionDays"] == "7"
    assert "RetentionDays" not in planned(project, "--stack", "dev", "--profile", "standard", answers=("", "", "n"))
    run(project, *RUN, "--yes")
    assert deployed(project, "lab")["RetentionDays"] == "7"
    assert 'stack_name = "lab"' in project.configs()["samconfig.lab.toml"]


def test_git_ignores_the_answers():
    done = subprocess.run(["git", "check-ignore", "samconfig.steptrail.toml", "samconfig.toml"], cwd=accounts.CHECKOUT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if "not a git repository" in done.stderr:
        pytest.skip("the sources are no git checkout")
    assert done.stdout.splitlines() == ["samconfig.steptrail.toml"]


# Deletion protection

def test_deletion_protection_is_no_answer(project):
    project.create_stack(DeletionProtection="true")
    project.save_answers("steptrail", Profile="small", DatabaseUrl=DEPLOYED_URL, DatabasePasswordParameter=SECRET, DatabaseUser="ann",
                         DeletionProtection="false")  # as 'sam deploy --guided' saves it

    run(project, *RUN, "--set", "DeletionProtection=false")
    assert deployed(project)["DeletionProtection"] == "false"
    assert "DeletionProtection" not in project.configs()["samconfig.steptrail.toml"]

    run(project, *RUN)
    assert deployed(project)["DeletionProtection"] == "true"


def test_stack_that_is_deployed_again_is_protected_after_success(project):
    project.create_stack()
    project.save_answers("steptrail", Profile="small", DatabaseUrl=DEPLOYED_URL, DatabasePasswordParameter=SECRET, DatabaseUser="ann",
                         DeletionProtection="false")
    project.cloud.client("cloudformation").delete_stack(StackName="steptrail")

    run(project, *RUN, "--yes")

    values = [next(word for word in call if word.startswith("DeletionProtection=")) for call in project.recorded("sam") if call[1] == "deploy"]
    assert values == ['DeletionProtection="false"', 'DeletionProtection="true"']


# Values

@pytest.mark.parametrize("setting, message", [
    ("IngestConcurrency=1", "IngestConcurrency='1' is not allowed. Use a number from 2 to 1000: --set IngestConcurrency=…"),
    ("IngestConcurrency=many", "IngestConcurrency='many' is not allowed. Use a number from 2 to 1000"),
    ("ApiConnections=1", "ApiConnections='1' is not allowed. Use a number from 2:"),
    ("MaintenanceRate=rate(2 hours)", "'rate(2 hours)' is not allowed. Use one of rate(15 minutes), rate(1 hour), rate(6 hours), rate(1 day):"),
    ("LogDays=31", "LogDays='31' is not allowed. Use one of 1, 3, 5, 7, 14, 30, "),
    ("DeletionProtection=yes", "DeletionProtection='yes' is not allowed. Use one of true, false"),
    ("RetentionDays=90d", "RetentionDays='90d' is not allowed. Use a value that matches ^[0-9]{1,5}$"),
    ("AdminValue=", "AdminValue='' is not allowed. Use a value that is not empty"),
    ("DatabaseUrl=mysql://x/y", "not like postgresql://USER@HOST:PORT/DATABASE"),
])
def test_value_that_the_template_does_not_allow_is_refused_first(project, setting, message):
    assert message in refuse(project, *RUN, "--set", setting)
    assert project.recorded() == []


def test_allowed_values_are_accepted(project):
    settings = ("DatabaseMinCapacity=0.5", "SnapStart=None", "UrlLifetime=PT6M", "MaintenanceRate=rate(1 day)", "LogDays=7", "JwtIssuer=",
                "CorsOrigins=https://a.example,https://b.example")
    arguments = [word for setting in settings for word in ("--set", setting)]

    values = planned(project, "--profile", "standard", "--stack", "steptrail", *arguments, answers=("", "", "n"))

    assert {f"{name}={value}" for name, value in values.items()} >= set(settings)


@pytest.mark.parametrize("query", ["?prepareThreshold=5", "?sslmode=require", "?sslrootcert=/var/task/rds-ca.pem"])
def test_other_options_of_the_same_database_are_no_data_move(project, query):
    project.create_stack()

    values = planned(project, "--stack", "steptrail", "--set", f"DatabaseUrl=jdbc:postgresql://DB.example.com/steptrail{query}")

    assert values["DatabaseUrl"].endswith(query)


@pytest.mark.parametrize("url", ["//db.example.com:5433/steptrail", "//db.example.com:5432/other", "//other.example.com:5432/steptrail"])
def test_another_host_port_or_database_is_a_data_move(project, url):
    project.create_stack()

    assert "--allow-data-move" in refuse(project, *RUN, "--stack", "steptrail", "--set", f"DatabaseUrl=jdbc:postgresql:{url}")


def test_quota_without_room_for_the_smallest_ingest_names_what_helps(project):
    project.cloud.set_quota(1000, unreserved=6)

    refusal = refuse(project, *RUN, answers=SMALL)

    assert "IngestConcurrency=10 does not fit: 6 of this account's 1000" in refusal
    assert "--set IngestConcurrency" not in refusal
    assert "aws lambda delete-function-concurrency" in refusal and "aws service-quotas request-service-quota-increase" in refusal


# The database

@pytest.fixture
def with_check(project):
    shutil.copy(accounts.CHECKOUT / "functions/operations/target/operations.zip", project.zip("operations"))
    return project


@pytest.fixture(scope="module")
def database():
    servers.require()
    with servers.server(PASSWORD) as server:
        yield server


@pytest.fixture
def limit_connections(database):
    """Sets the number of connections that the server offers to users that are not superusers."""
    yield lambda free: database.restart(f"max_connections={free + 3}", "superuser_reserved_connections=3")
    database.restart()


def test_connections_are_lowered_to_what_the_database_offers(with_check, database, limit_connections):
    limit_connections(40)
    arguments = ("--no-build", "--dry-run")
    answers = SMALL[:2] + (database.url,) + SMALL[3:-1]

    output = run(with_check, *arguments, answers=answers)

    assert "The database has 40 connections, and the functions may open 58: 2 × IngestConcurrency (10) + ApiConnections (20) + 18." in output
    assert "Set to fit: IngestConcurrency=5, ApiConnections=12." in output
    assert "IngestConcurrency=\"5\"'" in output and "ApiConnections=\"12\"'" in output
    refusal = refuse(with_check, *arguments, "--set", "IngestConcurrency=10", "--set", "ApiConnections=20", answers=answers)
    assert "Use --set IngestConcurrency=10 --set ApiConnections=2, or raise max_connections." in refusal
    # A value that was set stays.
    assert "IngestConcurrency=2, ApiConnections=18." in run(with_check, *arguments, "--set", "IngestConcurrency=2", answers=answers)
    assert "IngestConcurrency=6, ApiConnections=10." in run(with_check, *arguments, "--set", "ApiConnections=10", answers=answers)


def test_database_with_too_few_connections_is_refused(with_check, database, limit_connections):
    limit_connections(23)

    assert "The smallest values need 24. Raise max_connections of the database." in refuse(
        with_check, "--no-build", answers=SMALL[:2] + (database.url,) + SMALL[3:])


def test_database_is_asked_for_again_on_a_terminal(with_check, database):
    wrong = f"postgresql://ann@127.0.0.1:{database.port}/missing"
    answers = ("steptrail", "large", "small", "mysql://x/y", wrong, PASSWORD, database.url, PASSWORD, "ann", "ann@example.com", "", "maybe", "n")

    status, shown = on_terminal(with_check, "--no-build", "--dry-run", answers=answers)

    assert status == 0, shown
    assert "The database 'missing' does not exist." in shown
    assert "'large' is not a profile." in shown and "'maybe' is not an answer. Answer y or n." in shown
    assert f"AdminEmail=\"ann@example.com\"' 'AlarmEmail=\"\"'" in shown and f"DatabaseUrl=\"{database.jdbc_url}\"'" in shown
    assert shown.count("Logins: ") == 1  # one check after the last answer


def test_failed_check_prints_the_command_that_repeats_the_answers(with_check, database):
    given = ("--no-build", "--set", "RetentionDays=30")
    status, output = with_check.run("deploy", *given, answers=SMALL[:2] + (database.url, "wrong"))
    assert status == 1 and "The database rejected the user 'ann'" in output
    arguments = repeated(output)
    assert "--no-build" in arguments and "RetentionDays=30" in arguments

    # Only what was not answered is asked.
    output = run(with_check, *arguments, "--dry-run", answers=(PASSWORD, "ann@example.com", "", "n"))
    assert f'\'DatabaseUrl="{database.jdbc_url}"' in output and "RetentionDays = 30" in output


def test_command_that_repeats_the_answers_contains_no_secret(project):
    status, output = project.run("deploy", *RUN, answers=(
        "steptrail", "small", "postgresql://ann:s3cret@db.example.com/steptrail", "ann@example.com", "", "n", "n"))

    assert status == 1
    assert repeated(output) == [
        "--stack", "steptrail", "--no-build", "--skip-database-check", "--no-cdn", "--set", "AdminEmail=ann@example.com", "--set", "AlarmEmail=",
        "--set", f"DatabasePasswordParameter={SECRET}", "--set", f"DatabaseUrl={DEPLOYED_URL}", "--set", "DatabaseUser=ann", "--set",
        "Profile=small"]
    assert "s3cret" not in output


# Runs without a terminal

def test_options_and_a_stored_password_answer_all_questions(project):
    project.cloud.client("ssm").put_parameter(Name="/mine", Value=PASSWORD, Type="SecureString")

    run(project, *RUN, *OPTIONS, "--yes", "--set", "DatabaseUser=ann", "--set", "DatabasePasswordParameter=/mine")

    assert deployed(project)["DatabasePasswordParameter"] == "/mine"


def test_options_and_a_password_on_standard_input_answer_all_questions(project):
    run(project, *RUN, *OPTIONS, "--yes", answers=(PASSWORD,))

    stored = project.cloud.client("ssm").get_parameter(Name=SECRET, WithDecryption=True)["Parameter"]
    assert stored["Value"] == PASSWORD


@pytest.mark.parametrize("answers, option", [
    ((), "--stack NAME"),
    (SMALL[:1], "--profile"),
    (SMALL[:2], "--set DatabaseUrl=postgresql://USER@HOST:PORT/DATABASE"),
    (SMALL[:3], f"--set DatabasePasswordParameter=NAME with the name of an SSM SecureString that contains it (default: {SECRET})"),
    (SMALL[:4], "--set AdminEmail=ADDRESS"),
    (SMALL[:5], "--set AlarmEmail=ADDRESS"),
    (SMALL[:6], "--cdn or --no-cdn"),
    (SMALL[:7], "--yes"),
])
def test_unanswered_question_names_its_option(project, answers, option):
    assert refuse(project, *RUN, answers=answers).endswith(f"Answer it on standard input, or use {option}.")


def test_no_cdn_turns_cloudfront_off(project):
    project.create_stack(CdnPublicKey="key", CdnPrivateKeyParameter="/k")

    values = planned(project, "--stack", "steptrail", "--no-cdn")

    assert (values["CdnPublicKey"], values["CdnPrivateKeyParameter"]) == ("", "")


# The account

def test_unreachable_region_is_not_reported_as_missing_credentials(project):
    refusal = refuse(project, *RUN, "--stack", "steptrail", "--region", "eu-centrall-1", AWS_ENDPOINT_URL_STS="http://127.0.0.1:1",
                     AWS_MAX_ATTEMPTS="1")
    assert "Cannot reach AWS in the region 'eu-centrall-1': Could not connect to the endpoint URL" in refusal
    assert "credentials" not in refusal

    assert "Cannot reach AWS in the region 'eu central'" in refuse(project, *RUN, "--stack", "steptrail", "--region", "eu central")


# A creation that failed

def test_database_that_cloudformation_kept_is_deleted_after_a_question(project):
    stack = failed_with_database(project)

    status, output = project.run("deploy", *RUN, "--stack", "steptrail", "--profile", "standard", answers=("y", "y", "", "", "n", "n"))

    assert output.splitlines()[-1] == "infra/deploy: Nothing was deployed.", status
    assert re.search(r"CloudFormation will keep these resources, although they contain no data:\n.*\n?.*  Cluster ", output), output
    assert "Deleted Instance, Cluster, Key\n" in output
    rds = project.cloud.client("rds")
    assert rds.describe_db_instances()["DBInstances"] == rds.describe_db_clusters()["DBClusters"] == []
    assert project.cloud.client("kms").describe_key(KeyId=stack["Key"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert "delete them by hand" in output.split("Deleted Instance")[1]  # the network


def test_database_that_cloudformation_kept_is_not_deleted_without_consent(project):
    failed_with_database(project)

    _, output = project.run("deploy", *RUN, "--stack", "steptrail", "--profile", "standard", answers=("y", "n", "", "", "n", "n"))

    assert "delete them by hand" in output
    assert len(project.cloud.client("rds").describe_db_clusters()["DBClusters"]) == 1


def failed_with_database(project):
    """Makes a stack ROLLBACK_FAILED, with a database, its key and its network, and returns their ids."""
    project.create_stack()
    rds = project.cloud.client("rds")
    rds.create_db_cluster(DBClusterIdentifier="c", Engine="aurora-postgresql", MasterUsername="ann", MasterUserPassword="the password")
    rds.create_db_instance(DBInstanceIdentifier="i", DBClusterIdentifier="c", Engine="aurora-postgresql", DBInstanceClass="db.serverless")
    key = project.cloud.client("kms").create_key()["KeyMetadata"]["KeyId"]
    project.cloud.stack().status = "ROLLBACK_FAILED"
    resources = {"Instance": "i", "Cluster": "c", "Key": key, "Vpc": "vpc-1"}
    project.cloud.keep(project.cloud.stack(), resources)
    template = project.folder / "sam-template.yaml"
    template.write_text(template.read_text().replace("\nOutputs:", "".join(
        f"  {name}:\n    Type: AWS::Test::Kept\n    DeletionPolicy: RetainExceptOnCreate # data\n" for name in resources) + "\nOutputs:"))
    return resources
