"""Parts of infra/deployment that need neither AWS nor a database."""
import pytest

from cloud import CHECKOUT
from deployment.answers import override, parse_overrides
from deployment.cdn import create_private_key, public_key_of
from deployment.database import fit_connections, fit_pool, location, needed_connections, parse_database
from deployment.errors import Stop
from deployment.template import Template


@pytest.fixture(scope="module")
def template():
    return Template.read(CHECKOUT / "sam-template.yaml")


@pytest.mark.parametrize("text, jdbc_url, user, password", [
    ("postgresql://ann@h/d", "jdbc:postgresql://h:5432/d", "ann", None),
    ("postgres://ann:p%40ss@h:6543/d?application_name=x", "jdbc:postgresql://h:6543/d?application_name=x", "ann", "p@ss"),
    ("postgresql://a%2Fb@[2001:db8::1]:5433/d", "jdbc:postgresql://[2001:db8::1]:5433/d", "a/b", None),
    ("postgresql://h/d?sslmode=verify-ca&gssencmode=disable", "jdbc:postgresql://h:5432/d?sslmode=verify-ca", None, None),
    ("jdbc:postgresql://one:5432,two:5432/d?sslmode=require", "jdbc:postgresql://one:5432,two:5432/d?sslmode=require", None, None),
    ("postgresql://postgres.abc:[YOUR-PASSWORD]@aws-0-eu-central-1.pooler.supabase.com:5432/postgres",
     "jdbc:postgresql://aws-0-eu-central-1.pooler.supabase.com:5432/postgres?sslrootcert=/var/task/supabase-ca.pem", "postgres.abc", None),
    ("postgresql://ann@db.abc.supabase.co/postgres?sslmode=verify-ca", "jdbc:postgresql://db.abc.supabase.co:5432/postgres?sslmode=verify-ca",
     "ann", None),
    ("postgresql://ann@ep-cool-1.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
     "jdbc:postgresql://ep-cool-1.eu-central-1.aws.neon.tech:5432/neondb", "ann", None),
    ("postgresql://ann@db.abc.eu-central-1.rds.amazonaws.com:5432/steptrail?sslrootcert=/var/task/rds-ca.pem",
     "jdbc:postgresql://db.abc.eu-central-1.rds.amazonaws.com:5432/steptrail?sslrootcert=/var/task/rds-ca.pem", "ann", None),
])
def test_connection_string_becomes_a_jdbc_url(text, jdbc_url, user, password):
    database = parse_database(text)

    assert (database.jdbc_url, database.user, database.password) == (jdbc_url, user, password)


@pytest.mark.parametrize("text", [
    "mysql://ann:s3cret@h/d", "postgresql://ann:s3cret@h", "postgresql://ann:s3cret@h:port/d", "jdbc:postgresql://ann:s3cret@h/d",
    "postgresql://h/d?password=s3cret", "jdbc:postgresql://h/d?sslpassword=s3cret", "s3cret", ""])
def test_other_text_is_refused_without_repeating_it(text):
    with pytest.raises(Stop) as refused:
        parse_database(text)

    assert "postgresql://USER@HOST:PORT/DATABASE" in str(refused.value) and "s3cret" not in str(refused.value)


def test_location_is_that_of_the_data():
    assert location("jdbc:postgresql://H,two:6543/d?sslmode=require") == (["h:5432", "two:6543"], "/d")


@pytest.mark.parametrize("value", ["", "plain", "with space", 'with "quotes"', "it's", "back\\slash", "line\nbreak", "a=b", "ü相"])
def test_override_is_read_as_it_was_written(value):
    assert parse_overrides(f"{override('First', value)} {override('Second', 'x')}") == {"First": value, "Second": "x"}


@pytest.mark.parametrize("saved, parameters", [
    (None, {}), ("", {}), ("A=1 B='x y' C=\"\"", {"A": "1", "B": "x y", "C": ""}), (["A=1", "B=2"], {"A": "1", "B": "2"}),
    ({"A": 1, "B": ["x", "y"]}, {"A": "1", "B": "x,y"})])
def test_overrides_of_the_sam_cli_are_read(saved, parameters):
    assert parse_overrides(saved) == parameters


def test_invalid_overrides_are_refused():
    with pytest.raises(Stop, match="Cannot read the saved parameter_overrides"):
        parse_overrides("no assignment")


@pytest.mark.parametrize("free, fixed, fitting", [
    (57, (), (9, 20)),
    (40, (), (5, 12)),
    (24, (), (2, 2)),
    (23, (), None),
    (40, ("IngestConcurrency",), (10, 2)),
    (46, ("ApiConnections",), (4, 20)),
    (40, ("ApiConnections",), (5, 12)),
    (30, ("IngestConcurrency", "ApiConnections"), (3, 6)),
])
def test_connections_fit_into_those_of_the_database(free, fixed, fitting):
    assert fit_connections(free, 10, 20, fixed) == fitting
    assert fitting is None or needed_connections(*fitting) <= free


@pytest.mark.parametrize("ingest, api, fitting", [(10, 20, (6, 15)), (5, 20, (5, 15)), (10, 10, (6, 10)), (2, 2, (2, 2))])
def test_each_login_fits_into_the_pool_of_supabase(ingest, api, fitting):
    assert fit_pool("jdbc:postgresql://aws-0-eu-central-1.pooler.supabase.com/postgres?x=y", ingest, api) == fitting
    assert fit_pool("jdbc:postgresql://db.abc.supabase.co:5432/postgres", ingest, api) == (ingest, api)


@pytest.mark.parametrize("name, value, allowed", [
    ("IngestConcurrency", "2", None), ("IngestConcurrency", "2.5", "a whole number from 2 to 1000"),
    ("IngestConcurrency", "1001", "a whole number from 2 to 1000"), ("ApiConnections", "1", "a whole number from 2"),
    ("BackupDays", "", "a whole number from 1"), ("DatabaseMinCapacity", "0.5", None), ("DatabaseMinCapacity", "-0.5", "a number from 0 to 256"),
    ("SnapStart", "None", None), ("SnapStart", "none", "one of None, PublishedVersions"), ("LogDays", "7", None),
    ("DeletionProtection", "true", None), ("AdminValue", "", "a value that is not empty"), ("JwtAudience", "a\nb", None),
    ("RetentionDays", "x", "a value that matches ^[0-9]{1,5}$"),
])
def test_value_is_checked_by_the_declaration_of_its_parameter(template, name, value, allowed):
    assert template.parameters[name].rejection(value) == allowed


def test_template_is_read_as_cloudformation_reads_it(template):
    assert template.parameters["DatabaseMinCapacity"].default == "0"
    assert template.parameters["DeletionProtection"].default == "false"
    assert {"Bucket", "Cluster", "Key"} <= template.retained and "ApiFunction" not in template.retained


def test_public_key_is_that_of_the_private_key():
    key = create_private_key()

    assert key.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert public_key_of(key) == public_key_of(key) != public_key_of(create_private_key())
    assert public_key_of(key).startswith("-----BEGIN PUBLIC KEY-----\n") and public_key_of(key).endswith("-----END PUBLIC KEY-----")
