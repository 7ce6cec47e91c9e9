"""infra/deploy: where answers come from and go to, and which of them it refuses."""
import subprocess

import pytest

import cloud as accounts
from deployments import DEPLOYED_URL, DRY_RUN, PASSWORD, RUN, SECRET, SMALL, deployed, planned, refuse, run


def test_ask_offers_the_last_answers(project):
    project.create_stack(AdminEmail="ann@example.com")

    values = planned(project, "--ask", answers=("", "", "", "", "ops@example.com", "n"))

    assert values["DatabaseUrl"] == "jdbc:postgresql://db.example.com:5432/steptrail"
    assert values["AlarmEmail"] == "ops@example.com"
    assert values["AdminEmail"] == "ann@example.com"


def test_second_stack_has_its_own_answers(project):
    project.save_answers("steptrail", AdminEmail="ann@example.com", AlarmEmail="ops@example.com")
    config = project.configs()

    run(project, *RUN, "--stack", "dev", answers=SMALL[1:])

    values = deployed(project, "dev")
    assert (values["DatabasePasswordParameter"], values["AlarmEmail"]) == ("/steptrail/dev/database-password", "")
    answers = project.configs().pop("samconfig.dev.toml")
    assert 'stack_name = "dev"' in answers and 'capabilities = "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"' in answers
    assert {name: text for name, text in project.configs().items() if name != "samconfig.dev.toml"} == config


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


@pytest.mark.parametrize("setting, message", [
    ("IngestConcurrency=1", "IngestConcurrency='1' is not allowed. Use a whole number from 2 to 1000: --set IngestConcurrency=…"),
    ("IngestConcurrency=2.5", "IngestConcurrency='2.5' is not allowed. Use a whole number from 2 to 1000"),
    ("IngestConcurrency=many", "IngestConcurrency='many' is not allowed. Use a whole number from 2 to 1000"),
    ("ApiConnections=1", "ApiConnections='1' is not allowed. Use a whole number from 2:"),
    ("MaintenanceRate=rate(2 hours)", "'rate(2 hours)' is not allowed. Use one of rate(15 minutes), rate(1 hour), rate(6 hours), rate(1 day):"),
    ("LogDays=31", "LogDays='31' is not allowed. Use one of 1, 3, 5, 7, 14, 30, "),
    ("DeletionProtection=yes", "DeletionProtection='yes' is not allowed. Use one of true, false"),
    ("RetentionDays=90d", "RetentionDays='90d' is not allowed. Use a value that matches ^[0-9]{1,5}$"),
    ("AdminValue=", "AdminValue='' is not allowed. Use a value that is not empty"),
    ("DatabaseUrl=mysql://x/y", "not like postgresql://USER@HOST:PORT/DATABASE"),
])
def test_value_that_the_template_does_not_allow_is_refused_first(project, setting, message):
    assert message in refuse(project, *RUN, "--set", setting, AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert project.recorded() == []


def test_allowed_values_are_accepted(project):
    settings = ("DatabaseMinCapacity=0.5", "SnapStart=None", "UrlLifetime=PT6M", "MaintenanceRate=rate(1 day)", "LogDays=7", "JwtIssuer=",
                "CorsOrigins=https://a.example,https://b.example")
    arguments = [word for setting in settings for word in ("--set", setting)]

    values = planned(project, "--profile", "standard", "--stack", "steptrail", *arguments, answers=("", "", "n"))

    assert {f"{name}={value}" for name, value in values.items()} >= set(settings)


SMALL_ANSWERS = {"Profile": "small", "DatabaseUrl": DEPLOYED_URL, "DatabaseUser": "ann", "DatabasePasswordParameter": SECRET, "RetentionDays": "7"}
STANDARD_ANSWERS = {"Profile": "standard", "DatabaseMinCapacity": "0.5", "SnapshotIdentifier": "snap-1", "RetentionDays": "7"}


def test_second_try_with_the_other_profile_drops_the_values_of_the_first(project):
    project.save_answers("steptrail", **SMALL_ANSWERS)
    values = planned(project, "--profile", "standard")
    assert {"DatabaseUrl", "DatabaseUser", "DatabasePasswordParameter"}.isdisjoint(values)
    assert (values["Profile"], values["RetentionDays"]) == ("standard", "7")

    project.save_answers("steptrail", **STANDARD_ANSWERS)
    values = planned(project, "--profile", "small", "--set", f"DatabaseUrl={DEPLOYED_URL}", answers=(PASSWORD,))
    assert {"DatabaseMinCapacity", "SnapshotIdentifier"}.isdisjoint(values)
    assert (values["DatabaseUrl"], values["RetentionDays"]) == (DEPLOYED_URL, "7")


def test_move_to_the_other_profile_resets_the_deployed_values(project):
    project.create_stack()

    values = planned(project, "--stack", "steptrail", "--profile", "standard", "--allow-data-move")

    assert (values["DatabaseUrl"], values["DatabasePasswordParameter"]) == ("", "")


@pytest.mark.parametrize("arguments, message", [
    (("--profile", "standard", "--set", f"DatabaseUrl={DEPLOYED_URL}"), "Profile=standard creates its own database"),
    (("--set", "ExistingClusterId=c"), "SnapshotIdentifier and ExistingClusterId require Profile=standard"),
    (("--set", "CdnPublicKey=key"), "CdnPublicKey requires CdnPrivateKeyParameter"),
])
def test_rule_of_the_template_is_checked_before_the_build(project, arguments, message):
    project.save_answers("steptrail", **SMALL_ANSWERS)

    refusal = refuse(project, "--skip-database-check", "--yes", *arguments, answers=(PASSWORD,))

    assert message in refusal and refusal.endswith("Change the values with --set NAME=VALUE.")


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
