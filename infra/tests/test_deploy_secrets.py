"""infra/deploy: passwords and keys are stored in SSM, and nowhere else."""
import signal

import pytest

from deployments import DEPLOYED_URL, DRY_RUN, OPTIONS, PASSWORD, RUN, SECRET, SMALL, deployed, repeated, run


def test_password_is_not_echoed_on_a_terminal(project):
    status, shown = project.run_on_terminal("deploy", *DRY_RUN, answers=SMALL[:-1])

    assert status == 0, shown
    assert "ann@example.com" in shown and "All checks passed." in shown
    assert "s3cret" not in shown


def test_password_in_the_connection_string_is_taken_out_of_it(project):
    answers = ("steptrail", "small", "postgres://ann:s3cret%2F1@db.example.com/steptrail", "", "", "n")

    output = run(project, *DRY_RUN, answers=answers)

    assert "DatabaseUrl = jdbc:postgresql://db.example.com:5432/steptrail" in output
    assert "s3cret" not in output + project.calls.read_text() + project.config()


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
                                              at=lambda request: request.get("HTTP_X_AMZ_TARGET") == "AmazonSSM.PutParameter")

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


def test_command_that_repeats_the_answers_contains_no_secret(project):
    status, output = project.run("deploy", *RUN, answers=(
        "steptrail", "small", "postgresql://ann:s3cret@db.example.com/steptrail", "ann@example.com", "", "n", "n"))

    assert status == 1
    assert repeated(output) == [
        "--stack", "steptrail", "--no-build", "--skip-database-check", "--no-cdn", "--set", "AdminEmail=ann@example.com", "--set", "AlarmEmail=",
        "--set", f"DatabasePasswordParameter={SECRET}", "--set", f"DatabaseUrl={DEPLOYED_URL}", "--set", "DatabaseUser=ann", "--set",
        "Profile=small"]
    assert "s3cret" not in output


def test_options_and_a_stored_password_answer_all_questions(project):
    project.cloud.client("ssm").put_parameter(Name="/mine", Value=PASSWORD, Type="SecureString")

    run(project, *RUN, *OPTIONS, "--yes", "--set", "DatabaseUser=ann", "--set", "DatabasePasswordParameter=/mine")

    assert deployed(project)["DatabasePasswordParameter"] == "/mine"


def test_options_and_a_password_on_standard_input_answer_all_questions(project):
    run(project, *RUN, *OPTIONS, "--yes", answers=(PASSWORD,))

    stored = project.cloud.client("ssm").get_parameter(Name=SECRET, WithDecryption=True)["Parameter"]
    assert stored["Value"] == PASSWORD
