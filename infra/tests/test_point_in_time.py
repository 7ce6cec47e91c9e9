"""The copy of lost rows from a restored database, as the runbook describes it, with two real PostgreSQL servers."""
import re
import subprocess

import pytest

import cloud as accounts
import postgres

RUNBOOK = (accounts.CHECKOUT / "infra/RUNBOOK.md").read_text()
KEPT, ARCHIVED, DELETED, LOST = (f"0197a000-0000-7000-8000-00000000000{n}" for n in range(1, 5))


@pytest.fixture(scope="module")
def servers():
    postgres.require()
    with postgres.server("s3cret-of-ann") as current, postgres.server("s3cret-of-the-restored") as restored:
        yield current, restored


def insert(server, task, *steps):
    server.execute(f"INSERT INTO tasks (task_id, owner, name, started_at) VALUES ('{task}', 'ann', E'a \\t tab, a \\\\ and 相机', now())")
    for step in steps:
        server.execute(f"INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) VALUES ('{task}', {step}, 'action',"
                       " '{\"action\": {\"action\": \"Tap\"}}', now())")
        server.execute("INSERT INTO step_screenshots (task_id, step_number, screenshot_index, role, screenshot_path, file_hash, file_size,"
                       " original_size, width, height, format, compressed, sensitive, redacted_regions) VALUES"
                       f" ('{task}', {step}, 0, 'before', 'screenshots/a', 'h', 1, 1, 1, 1, 'webp', true, false, '[]')")


def judge(server, task):
    server.execute(f"INSERT INTO verdicts (task_id, name, value, source, judge, author, judged_at) VALUES ('{task}', 'success', 'fail', 'human',"
                   " 'ann', 'ann', '2026-01-01')")
    server.execute(f"INSERT INTO step_labels (task_id, step_number, label, author) VALUES ('{task}', 1, 'bad', 'ann')")
    server.execute(f"INSERT INTO task_usage VALUES ('{task}', '2026-01-01', 1, 20, 0, 3)")
    server.execute(f"INSERT INTO notes (task_id, author, text, created_at) VALUES ('{task}', 'ann', 'a note', '2026-01-01')")


def rows(server):
    return [server.execute(f"SELECT string_agg({columns}, ',' ORDER BY {columns}) FROM {table}") for table, columns in (
        ("tasks", "right(task_id::text, 1) || status"), ("task_steps", "right(task_id::text, 1) || step_number || action_name"),
        ("step_screenshots", "right(task_id::text, 1) || step_number"), ("verdicts", "right(task_id::text, 1) || value"),
        ("step_labels", "right(task_id::text, 1) || label"), ("task_usage", "right(task_id::text, 1) || input_tokens"),
        ("notes", "right(task_id::text, 1) || text"))]


def copy(current, restored, folder):
    """Runs the runbook's commands. Only the connection differs, because these servers have passwords instead of IAM."""
    passwords = folder / "pgpass"
    passwords.write_text("".join(f"127.0.0.1:{server.port}:*:ann:{server.password}\n" for server in (current, restored)))
    passwords.chmod(0o600)
    connect = re.search(r"^connect\(\) .*$", RUNBOOK, re.M).group()
    connect = re.sub(r"PGPASSWORD=\S+ .*?\) psql", f"PGPASSFILE={passwords} {postgres.program('psql')}", connect)
    connect = connect.replace("host=$1 dbname=steptrail user=steptrail sslmode=require", "host=127.0.0.1 port=$1 dbname=steptrail user=ann")
    assert "aws" not in connect
    script = re.search(r"^copy_missing\(\) \{.*?\n(?=```)", RUNBOOK, re.M | re.S).group()
    return subprocess.run(["bash", "-c", f"HOST={current.port} RESTORED={restored.port}\n{connect}\n{script}"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True)


def test_lost_rows_are_copied_from_the_restored_database_and_others_stay(project, servers, tmp_path):
    current, restored = servers
    for server in servers:
        server.migrate(project.cloud, "steptrail", tmp_path)
    for task in (KEPT, ARCHIVED, DELETED, LOST):
        insert(restored, task, 1, 2)
        judge(restored, task)
    insert(current, KEPT, 1)
    judge(current, KEPT)
    current.execute("UPDATE tasks SET status = 'succeeded'")
    current.execute("UPDATE task_steps SET step_data = '{\"action\": {\"action\": \"Back\"}}'")
    for task, change in ((ARCHIVED, "status = 'archived'"), (DELETED, "status = 'deleted', deleted_at = now()")):
        insert(current, task)
        current.execute(f"UPDATE tasks SET {change} WHERE task_id = '{task}'")

    done = copy(current, restored, tmp_path)

    assert done.returncode == 0, done.stdout
    assert done.stdout.split("\n") == ["CREATE TABLE", "COPY 4", "INSERT 0 1", "CREATE TABLE", "COPY 8", "INSERT 0 3", "CREATE TABLE", "COPY 8",
                                       "INSERT 0 3"] + ["CREATE TABLE", "COPY 4", "INSERT 0 2"] * 4 + [""]
    expected = ["1succeeded,2archived,3deleted,4running", "11Back,12Tap,41Tap,42Tap", "11,12,41,42", "1fail,2fail,4fail", "1bad,2bad,4bad",
                "120,220,420", "1a note,2a note,4a note"]
    assert rows(current) == expected
    assert current.execute("SELECT name FROM tasks WHERE task_id = '%s'" % LOST) == "a \t tab, a \\ and 相机"
    assert current.execute("SELECT count(*) FROM ONLY task_steps") == "0"

    again = copy(current, restored, tmp_path)

    assert re.findall("INSERT.*", again.stdout) == ["INSERT 0 0"] * 7
    assert current.execute("SELECT verdict || verdict_source FROM tasks WHERE task_id = '%s'" % LOST) == "failhuman"
    assert rows(current) == expected


def test_interrupted_copy_inserts_nothing(project, servers, tmp_path):
    current, restored = servers
    for server in servers:
        server.migrate(project.cloud, "steptrail", tmp_path)
    before = rows(current)
    unreachable = postgres.Server(1, restored.password)

    done = copy(current, unreachable, tmp_path)

    assert done.returncode != 0
    assert "INSERT" not in done.stdout.replace("INSERT INTO", "")
    assert rows(current) == before
