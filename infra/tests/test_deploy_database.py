"""infra/deploy: the check of the database of profile small, with real PostgreSQL servers."""
import shutil

import pytest

import cloud as accounts
import postgres as servers
from deployments import DRY_RUN, PASSWORD, SMALL, planned, refuse, repeated, run


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

    assert "TLS: " in output
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


def test_connections_are_lowered_to_the_pool_of_supabase(project):
    def supabase(port):
        return SMALL[:2] + (f"postgresql://postgres.abc@aws-0-eu-central-1.pooler.supabase.com:{port}/postgres",) + SMALL[3:-1]

    output = run(project, *DRY_RUN, answers=supabase(5432))
    assert "Supabase's session pooler allows 15 connections of each login" in output
    assert "Set to fit: IngestConcurrency=6, ApiConnections=15." in output
    assert 'IngestConcurrency="6"' in output and 'ApiConnections="15"' in output

    # Values that were set stay, because the pool may be larger.
    values = planned(project, "--set", "IngestConcurrency=9", answers=supabase(5432))
    assert (values["IngestConcurrency"], values["ApiConnections"]) == ("9", "15")
    assert "Set to fit" not in run(project, *DRY_RUN, answers=supabase(6543))  # in transaction mode logins share connections


def test_database_with_too_few_connections_is_refused(with_check, database, limit_connections):
    limit_connections(23)

    assert "The smallest values need 24. Raise max_connections of the database." in refuse(
        with_check, "--no-build", answers=SMALL[:2] + (database.url,) + SMALL[3:])


def test_database_is_asked_for_again_on_a_terminal(with_check, database):
    wrong = f"postgresql://ann@127.0.0.1:{database.port}/missing"
    answers = ("steptrail", "large", "small", "mysql://x/y", wrong, PASSWORD, database.url, PASSWORD, "ann", "ann@example.com", "", "maybe", "n")

    status, shown = with_check.run_on_terminal("deploy", "--no-build", "--dry-run", answers=answers)

    assert status == 0, shown
    assert "The database 'missing' does not exist." in shown
    assert "'large' is not a profile." in shown and "'maybe' is not an answer. Answer y or n." in shown
    assert "AdminEmail=\"ann@example.com\"' 'AlarmEmail=\"\"'" in shown and f"DatabaseUrl=\"{database.jdbc_url}\"'" in shown
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
