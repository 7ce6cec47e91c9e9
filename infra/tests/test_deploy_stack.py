"""infra/deploy: changes and states of a stack that it refuses, quotas, and what failed and deleted stacks left."""
import datetime
import re

import pytest

from deployments import RUN, SMALL, STANDARD, deployed, planned, refuse, run


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


@pytest.mark.parametrize("status, message", [
    ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name steptrail"),
    ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name steptrail"),
    ("UPDATE_IN_PROGRESS", "Wait until CloudFormation has finished"),
])
def test_stack_that_cannot_be_updated_now_is_reported_with_what_to_do(project, status, message):
    project.create_stack()
    project.cloud.stack().status = status

    assert message in refuse(project, *RUN, "--stack", "steptrail")


def test_retry_of_a_rolled_back_update_publishes_new_versions_once(project):
    """The rolled-back update has published its versions. Lambda publishes none for a function that equals its last one."""
    project.create_stack(DeletionProtection="true")
    run(project, *RUN, "--stack", "steptrail")
    digests = [deployed(project)["ReleaseDigest"]]

    for minute in (1, 2):  # the second update is rolled back too
        stack = project.cloud.stack()
        stack.status, stack.last_updated_time = "UPDATE_ROLLBACK_COMPLETE", datetime.datetime(2026, 11, 28, 10, minute)
        planned_digest = planned(project)["ReleaseDigest"]
        assert planned_digest not in digests
        run(project, *RUN)
        digests.append(deployed(project)["ReleaseDigest"])
        assert digests[-1] == planned_digest

    assert project.cloud.stack().status == "UPDATE_COMPLETE"
    run(project, *RUN)
    assert deployed(project)["ReleaseDigest"] == digests[-1]


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


@pytest.mark.parametrize("query", ["?prepareThreshold=5", "?sslmode=require", "?sslrootcert=/var/task/rds-ca.pem"])
def test_other_options_of_the_same_database_are_no_data_move(project, query):
    project.create_stack()

    values = planned(project, "--stack", "steptrail", "--set", f"DatabaseUrl=jdbc:postgresql://DB.example.com/steptrail{query}")

    assert values["DatabaseUrl"].endswith(query)


@pytest.mark.parametrize("url", ["//db.example.com:5433/steptrail", "//db.example.com:5432/other", "//other.example.com:5432/steptrail"])
def test_another_host_port_or_database_is_a_data_move(project, url):
    project.create_stack()

    assert "--allow-data-move" in refuse(project, *RUN, "--stack", "steptrail", "--set", f"DatabaseUrl=jdbc:postgresql:{url}")


@pytest.mark.parametrize("first, second", [("ann@example.com", "bob@example.com"), ("ann@example.com", ""), ("", "bob@example.com")])
def test_first_admin_must_stay(project, first, second):
    project.create_stack(AdminEmail=first)

    refusal = refuse(project, *RUN, "--stack", "steptrail", "--set", f"AdminEmail={second}")

    assert f"AdminEmail cannot change from '{first}' to '{second}'" in refusal
    assert "aws cognito-idp admin-create-user" in refusal and "aws cognito-idp admin-add-user-to-group" in refusal
    assert planned(project, "--stack", "steptrail", "--set", f"AdminEmail={first}")["AdminEmail"] == first


def test_unused_address_of_the_first_admin_may_change(project):
    project.create_stack(JwtIssuer="https://id.example", JwtAudience="readers", AdminEmail="ann@example.com")

    assert planned(project, "--stack", "steptrail", "--set", "AdminEmail=")["AdminEmail"] == ""


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


def test_quota_without_room_for_the_smallest_ingest_names_what_helps(project):
    project.cloud.set_quota(1000, unreserved=6)

    refusal = refuse(project, *RUN, answers=SMALL)

    assert "IngestConcurrency=10 does not fit: 6 of this account's 1000" in refusal
    assert "--set IngestConcurrency" not in refusal
    assert "aws lambda delete-function-concurrency" in refusal and "aws service-quotas request-service-quota-increase" in refusal


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


def create_user_pool(project, **settings):
    pool = project.cloud.client("cognito-idp").create_user_pool(PoolName="users", AdminCreateUserConfig=settings)["UserPool"]
    return pool["Id"]


@pytest.mark.parametrize("settings", [{"AllowAdminCreateUserOnly": False}, {}])
def test_adopted_user_pool_must_not_allow_self_registration(project, settings):
    pool = create_user_pool(project, **settings)

    refusal = refuse(project, *RUN, "--set", f"ExistingUserPoolId={pool}", answers=SMALL)

    assert f"In the user pool '{pool}' everyone can sign up" in refusal and "Self-service sign-up" in refusal


def test_missing_user_pool_is_named(project):
    refusal = refuse(project, *RUN, "--set", "ExistingUserPoolId=eu-central-1_none", answers=SMALL)

    assert "The user pool 'eu-central-1_none' does not exist in eu-central-1." in refusal


def test_adopt_uses_the_resources_that_a_deleted_stack_kept(project):
    key = project.cloud.client("kms").create_key()["KeyMetadata"]
    pool = create_user_pool(project, AllowAdminCreateUserOnly=True)
    project.create_stack("old", ExistingUserPoolId=pool)  # which it had adopted itself
    bucket = project.cloud.stack("old").resource_map["Bucket"].physical_resource_id
    project.cloud.client("cloudformation").delete_stack(StackName="old")
    project.cloud.keep(project.cloud.stack("old"), {"Bucket": bucket, "Key": key["KeyId"]})

    values = planned(project, "--stack", "new", "--adopt", "old", answers=SMALL[1:-1])

    assert values["ExistingBucket"] == bucket
    assert values["ExistingKeyArn"] == key["Arn"]
    assert values["ExistingUserPoolId"] == pool
    assert values["ExistingStack"] == "old"
    assert planned(project, "--stack", "old", "--adopt", "old", answers=SMALL[1:3] + SMALL[4:-1])["ExistingStack"] == ""
    assert "No deleted stack 'unknown' is known in eu-central-1" in refuse(
        project, *RUN, "--stack", "new", "--adopt", "unknown", answers=SMALL[1:])
