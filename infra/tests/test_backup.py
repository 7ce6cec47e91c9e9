"""infra/backup with two real PostgreSQL servers, the AWS SDK and moto's S3."""
import json
import re
import shutil
import signal

import pytest

import cloud as accounts
import postgres

PASSWORD = "s3cret-of-ann"
TASK = "0197a000-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def servers():
    postgres.require()
    with postgres.server(PASSWORD) as first, postgres.server("s3cret-of-the-second") as second:
        yield first, second


def create_stack(project, server):
    project.create_stack(DatabaseUrl=server.jdbc_url)
    project.cloud.client("ssm").put_parameter(Name="/steptrail/steptrail/database-password", Value=server.password, Type="SecureString",
                                              Overwrite=True)
    return project.cloud.stack().resource_map["Bucket"].physical_resource_id


def objects(project, bucket):
    return [each["Key"] for each in project.cloud.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_backup_restores_rows_logins_and_grants_into_another_server(project, servers, tmp_path):
    first, second = servers
    bucket = create_stack(project, first)
    first.migrate(project.cloud, "steptrail", tmp_path)
    first.execute(f"INSERT INTO tasks (task_id, owner, name, started_at) VALUES ('{TASK}', 'ann', '相机 \"camera\"', now())")
    first.execute("INSERT INTO share_links (task_id, token_hash, created_by, expires_at, revoked_at) SELECT "
                  f"'{TASK}', decode(hash, 'hex'), 'ann', now() + days * interval '1 day', revoked FROM (VALUES ('01', 7, NULL),"
                  " ('02', 7, NULL), ('03', -1, NULL), ('04', 7, '2026-11-28T10:00:00Z'::timestamptz)) links (hash, days, revoked)")
    before = first.execute("SELECT version, checksum FROM flyway_schema_history ORDER BY 1")

    status, output = project.run("backup")

    assert status == 0, output
    key, = objects(project, bucket)
    assert key.startswith("backups/20") and key.endswith("Z.dump")
    assert f"infra/backup --restore s3://{bucket}/{key} --into" in output
    status, listed = project.run("backup", "--list")
    assert key.split("/")[1] in listed

    status, output = project.run("backup", "--restore", f"s3://{bucket}/{key}", "--into", second.url, "--stack", "restored",
                                 answers=(second.password,))

    assert status == 0, output
    assert "Restored 1 tasks. Those that were deleted after the backup are there again" in output
    assert "Revoked 2 share links" in output
    assert second.execute("SELECT count(*) FROM share_links WHERE revoked_at IS NULL AND expires_at > now()") == "0"
    assert second.execute("SELECT revoked_at = '2026-11-28T10:00:00Z' FROM share_links WHERE token_hash = '\\x04'") == "t"
    assert second.execute("SELECT name FROM tasks") == '相机 "camera"'
    assert second.execute("SELECT version, checksum FROM flyway_schema_history ORDER BY 1") == before

    # The migration of the next deployment runs on it, and gives each function a login with its grants.
    assert "migrations=0" in second.migrate(project.cloud, "restored", tmp_path)
    tables = "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ',') FROM pg_class WHERE oid = 'tasks'::regclass"
    assert second.execute(tables) == "restored_owner"
    for login, sql in (("ingest", "UPDATE tasks SET name = name"), ("api", "SELECT count(*) FROM task_steps"),
                       ("export", "SELECT count(*) FROM tasks"), ("operations", "SELECT create_month_partition('task_steps', '2031-01-01')")):
        value = project.cloud.client("ssm").get_parameter(Name=f"/steptrail/restored/database/{login}", WithDecryption=True)["Parameter"]["Value"]
        credentials = json.loads(value)
        assert credentials["user"] == f"restored_{login}"
        second.execute(sql, user=credentials["user"], password=credentials["password"])

    # A second restore is refused, because it would mix rows.
    status, output = project.run("backup", "--restore", f"s3://{bucket}/{key}", "--into", second.url, answers=(second.password,))
    assert status == 1
    assert "tables; nothing was changed. Restore into an empty database" in output.splitlines()[-1]

    # Roles are of the server: a stack of this name uses another database of it.
    second.execute("CREATE DATABASE third OWNER ann", user="postgres", database="postgres")
    second.execute("ALTER SCHEMA public OWNER TO ann", user="postgres", database="third")
    status, output = project.run("backup", "--restore", f"s3://{bucket}/{key}", "--into", second.url.replace("/steptrail", "/third"),
                                 "--stack", "restored", answers=(second.password,))
    assert status == 1
    assert "This server has a role 'restored_owner', which belongs to another database; nothing was restored." in output.splitlines()[-1]

    status, output = project.run("backup", "--restore", f"s3://{bucket}/{key}", "--into", second.url.replace("/steptrail", "/third"),
                                 "--stack", "third", "--keep-share-links", answers=(second.password,))
    assert status == 0, output
    assert "Revoked" not in output
    valid = "SELECT count(*) FROM share_links WHERE revoked_at IS NULL AND expires_at > now()"
    assert second.execute(valid, database="third") == "2"

    for file in [path for path in project.folder.rglob("*") if path.is_file()]:
        assert b"s3cret" not in file.read_bytes(), file


def test_failed_dump_stores_nothing(project, servers):
    bucket = create_stack(project, servers[0])
    (project.programs / "pg_dump").write_text("#!/bin/sh\ncase $1 in --version) echo 'pg_dump (PostgreSQL) 99.1';; *) head -c 9000000 /dev/zero;"
                                              " echo 'connection lost' >&2; exit 1;; esac\n")

    status, output = project.run("backup")

    assert status == 1
    assert "and no backup was stored: connection lost" in output
    assert objects(project, bucket) == []


def test_truncated_dump_is_not_stored(project, servers):
    bucket = create_stack(project, servers[0])
    servers[0].execute("CREATE TABLE filler AS SELECT md5(i::text) FROM generate_series(1, 20000) i")
    pg_dump = shutil.which("pg_dump")
    project.wrap("pg_dump", f"import subprocess\nif '--version' in sys.argv: os.execv({pg_dump!r}, sys.argv)\n"
                            f"dump = subprocess.run([{pg_dump!r}] + sys.argv[1:], stdout=subprocess.PIPE, check=True).stdout\n"
                            "sys.stdout.buffer.write(dump[:len(dump) // 2])\n")

    status, output = project.run("backup")

    servers[0].execute("DROP TABLE filler")
    assert status == 1
    assert "pg_restore cannot read the dump, and no backup was stored: " in output
    assert objects(project, bucket) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("at", [("pg_dump", "'--format=custom' in sys.argv and sys.stdout.write('PGDMP') and not sys.stdout.flush()"),
                                lambda request: "partNumber=" in request["QUERY_STRING"]], ids=["dump", "upload"])
def test_interrupted_backup_leaves_nothing(project, servers, number, at):
    bucket = create_stack(project, servers[0])

    files, status, output = project.interrupt(number, "backup", at=at)

    assert status == 1
    assert output.splitlines()[-1] == "infra/backup: " + ("interrupted" if number == signal.SIGINT else "ended by SIGTERM")
    assert files == []
    assert objects(project, bucket) == []
    assert "Uploads" not in project.cloud.client("s3").list_multipart_uploads(Bucket=bucket)


def test_password_in_an_argument_is_refused_and_not_repeated(project):
    status, output = project.run("backup", "--restore", "s3://b/backups/x.dump", "--into", "postgresql://ann:s3cret@127.0.0.1/steptrail")

    assert status == 1
    assert output.startswith("infra/backup: The connection string contains a password")
    assert "s3cret" not in output


def test_old_client_is_named_with_the_one_to_install(project, servers):
    create_stack(project, servers[0])
    (project.programs / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")

    status, output = project.run("backup")

    assert status == 1
    assert "pg_dump 9.6.24 cannot dump or restore a server of version" in output
    assert "apt-get install postgresql-client-" in output


def test_list_without_backups_says_so(project, servers):
    bucket = create_stack(project, servers[0])

    status, output = project.run("backup", "--list")

    assert (status, output) == (0, f"s3://{bucket}/backups/ contains no backups. infra/backup --stack steptrail stores one.\n")


def test_missing_stack_is_named(project):
    status, output = project.run("backup", "--list", "--stack", "other")

    assert (status, output) == (1, "infra/backup: The stack 'other' does not exist in eu-central-1. Check --stack and --region.\n")


def test_wrong_and_missing_passwords_are_reported_in_one_sentence(project, servers):
    create_stack(project, servers[0])
    ssm = project.cloud.client("ssm")
    ssm.put_parameter(Name="/steptrail/steptrail/database-password", Value="wrong", Type="SecureString", Overwrite=True)

    status, output = project.run("backup")

    assert (status, output) == (
        1, f"infra/backup: 127.0.0.1:{servers[0].port}/steptrail rejected the user 'ann' or the password. If the password was changed at the"
           " provider, replace the stored one with 'infra/deploy --stack steptrail --new-password'.\n")

    status, output = project.run("backup", "--restore", "s3://bucket/backups/none.dump", "--into", servers[1].url, answers=("wrong",))

    assert (status, output) == (1, f"infra/backup: 127.0.0.1:{servers[1].port}/steptrail rejected the user 'ann' or the password. Check both.\n")

    ssm.delete_parameter(Name="/steptrail/steptrail/database-password")
    status, output = project.run("backup")

    assert (status, output) == (
        1, "infra/backup: The SecureString /steptrail/steptrail/database-password, the database's password, does not exist. Store it with"
           " 'infra/deploy --stack steptrail --new-password'.\n")


def test_stack_with_its_own_database_is_refused(project):
    project.create_stack(Profile="standard", DatabaseUrl="", DatabasePasswordParameter="")

    status, output = project.run("backup")

    assert status == 1
    assert "has its own Aurora database, which AWS backs up" in output


def test_missing_backup_is_named(project, servers):
    bucket = create_stack(project, servers[0])
    with_tables = servers[1].execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") != "0"
    target = "postgresql://ann@127.0.0.1:%d/%s" % (servers[1].port, "empty" if with_tables else "steptrail")
    if with_tables:
        servers[1].execute("CREATE DATABASE empty OWNER ann", user="postgres", database="postgres")

    status, output = project.run("backup", "--restore", f"s3://{bucket}/backups/none.dump", "--into", target, answers=(servers[1].password,))

    assert status == 1
    assert "Cannot read s3://" in output.splitlines()[-1]


def test_tables_and_roles_of_a_removed_stack_are_deleted_as_the_page_describes(project, servers, tmp_path):
    page = (accounts.CHECKOUT / "docs/upgrade.md").read_text()
    sql = re.search(r"psql postgresql://ann@.*?\n(GRANT .*?)END\n", page, re.S).group(1).replace('"steptrail_', '"removed_')
    server = postgres.Server(servers[0].port, servers[0].password)
    server.jdbc_url = server.jdbc_url.replace("/steptrail", "/removed")
    server.execute("CREATE DATABASE removed OWNER ann", user="postgres")
    server.execute("ALTER SCHEMA public OWNER TO ann", user="postgres", database="removed")
    server.migrate(project.cloud, "removed", tmp_path)
    roles = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'removed%'"
    tables = "SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')"
    assert server.execute(roles) == "5" and "task_steps" in server.execute(tables, database="removed")

    server.execute(sql, database="removed")

    assert server.execute(roles) == "0"
    assert server.execute(tables, database="removed") == ""
