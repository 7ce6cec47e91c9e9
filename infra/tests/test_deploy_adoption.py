"""infra/deploy: the adoption of a deleted stack's resources, and the restore of a snapshot."""
import datetime
import re

import pytest

from deployments import DRY_RUN, RUN, STANDARD, planned, refuse, run

ADOPT = ("--stack", "new", "--profile", "standard", "--adopt", "old")
ANSWERS = STANDARD[1:-1]


def create_cluster(project, version="17.4"):
    rds = project.cloud.client("rds")
    rds.create_db_cluster(DBClusterIdentifier="c", Engine="aurora-postgresql", EngineVersion=version, MasterUsername="ann",
                          MasterUserPassword="the password")
    rds.create_db_cluster_snapshot(DBClusterIdentifier="c", DBClusterSnapshotIdentifier="old-final")
    return rds


@pytest.fixture
def deleted(project):
    """A deleted stack 'old' of profile standard, which kept its data. Returns the client of RDS."""
    rds = create_cluster(project)
    pool = project.cloud.client("cognito-idp").create_user_pool(PoolName="users", AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    key = project.cloud.client("kms").create_key()["KeyMetadata"]["KeyId"]
    delete_stack(project, {
        "Bucket": "old-bucket", "UserPool": pool["UserPool"]["Id"], "Key": key, "Cluster": "c", "SubnetA": "subnet-0a", "SubnetB": "subnet-0b",
        "FunctionsSecurityGroup": "sg-0a", "Vpc": "vpc-0a"})
    return rds


def delete_stack(project, kept, day=1, **parameters):
    """Creates the stack 'old' on a day, deletes it, and returns its ARN."""
    project.create_stack("old", Profile="standard", DatabaseUrl="", DatabasePasswordParameter="", **parameters)
    stack = project.cloud.stack("old")
    stack.creation_time = datetime.datetime(2026, 11, day)
    project.cloud.client("cloudformation").delete_stack(StackName="old")
    project.cloud.keep(stack, kept)
    return stack.stack_id


def adopted_cluster(values):
    return {name: value for name, value in values.items() if name.startswith("Existing") and value and name not in (
        "ExistingBucket", "ExistingKeyArn", "ExistingUserPoolId", "ExistingStack")}


def test_cluster_is_adopted_with_its_network(project, deleted):
    values = planned(project, *ADOPT, answers=ANSWERS)

    cluster = deleted.describe_db_clusters()["DBClusters"][0]
    assert adopted_cluster(values) == {
        "ExistingClusterId": "c", "ExistingClusterEndpoint": cluster["Endpoint"], "ExistingClusterResourceId": cluster["DbClusterResourceId"],
        "ExistingSubnetIds": "subnet-0a,subnet-0b", "ExistingSecurityGroupId": "sg-0a", "ExistingVpcId": "vpc-0a"}
    assert (values["ExistingBucket"], values["SnapshotIdentifier"]) == ("old-bucket", "")


@pytest.mark.parametrize("is_cluster_deleted", [True, False])
def test_snapshot_replaces_the_cluster_and_the_rest_is_adopted(project, deleted, is_cluster_deleted):
    if is_cluster_deleted:
        deleted.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)

    values = planned(project, *ADOPT, "--set", "SnapshotIdentifier=old-final", answers=ANSWERS)

    assert adopted_cluster(values) == {}
    assert (values["SnapshotIdentifier"], values["ExistingBucket"], values["ExistingStack"]) == ("old-final", "old-bucket", "old")
    assert values["ExistingKeyArn"] and values["ExistingUserPoolId"]


def test_deleted_cluster_is_not_adopted_and_its_snapshots_are_named(project, deleted):
    deleted.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)

    output = run(project, *DRY_RUN, *ADOPT, answers=ANSWERS)

    assert "not the cluster 'c', which was deleted: the new stack gets an empty database." in output
    assert "(old-final), pass --set SnapshotIdentifier=" in output
    assert 'ExistingBucket="old-bucket"' in output and 'ExistingClusterId=""' in output


def test_cluster_that_the_deleted_stack_had_adopted_is_adopted_again(project):
    rds = create_cluster(project)
    adopted = {"ExistingClusterId": "c", "ExistingClusterEndpoint": "c.example.com", "ExistingClusterResourceId": "cluster-1",
               "ExistingSubnetIds": "subnet-0a,subnet-0b", "ExistingSecurityGroupId": "sg-0a", "ExistingVpcId": "vpc-0a"}
    delete_stack(project, {}, **adopted)

    assert adopted_cluster(planned(project, *ADOPT, answers=ANSWERS)) == adopted

    rds.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)
    assert adopted_cluster(planned(project, *ADOPT, answers=ANSWERS)) == {}


def test_given_value_wins_over_the_adopted_one(project, deleted):
    values = planned(project, *ADOPT, "--set", "ExistingBucket=", "--set", "ExistingStack=older", answers=ANSWERS)

    assert (values["ExistingBucket"], values["ExistingStack"]) == ("", "older")


def test_resources_that_were_deleted_since_are_not_adopted(project):
    kms = project.cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    stack = delete_stack(project, {"Bucket": "gone-bucket", "UserPool": "eu-central-1_Gone", "Key": key}, day=1)
    project.cloud.client("s3").delete_bucket(Bucket="gone-bucket")

    output = run(project, *DRY_RUN, *ADOPT, answers=ANSWERS)

    assert "  not gone-bucket (ExistingBucket), which was deleted: the new stack creates it if it needs it\n" in output
    assert "  not eu-central-1_Gone (ExistingUserPoolId), which was deleted" in output
    assert f"  --set ExistingKeyArn=arn:aws:kms:eu-central-1:123456789012:key/{key}\n" in output

    kms.disable_key(KeyId=key)
    assert "is Disabled, and the data cannot be read without it. Run 'aws kms cancel-key-deletion" in refuse(
        project, *RUN, *ADOPT[:-1], stack, answers=ANSWERS)


def test_newest_stack_that_kept_data_is_adopted(project):
    """A later stack of the same name, whose creation failed, kept none."""
    first = delete_stack(project, {"Bucket": "first-bucket"}, day=1)
    delete_stack(project, {"Bucket": "second-bucket"}, day=2)
    delete_stack(project, {"StepsQueue": "queue"}, day=3)

    output = run(project, *DRY_RUN, *ADOPT, answers=ANSWERS)

    assert "  --set ExistingBucket=second-bucket\n" in output
    assert "2 deleted stacks 'old' kept data." in output and f"  2026-11-01 00:00 {first}\n" in output
    assert planned(project, *ADOPT[:-1], first, answers=ANSWERS)["ExistingBucket"] == "first-bucket"


def test_stack_that_kept_no_data_is_refused(project):
    delete_stack(project, {"StepsQueue": "queue"})

    assert "The deleted stack 'old' kept no bucket, key, user pool or database." in refuse(project, *RUN, *ADOPT, answers=ANSWERS)


def test_deletion_protection_of_adopted_resources_is_set_after_the_deployment(project, deleted):
    def is_protected():
        return deleted.describe_db_clusters()["DBClusters"][0]["DeletionProtection"]

    output = run(project, *RUN, *ADOPT, answers=STANDARD[1:])

    assert "Turned on deletion protection of the adopted cluster 'c'\n" in output
    assert re.search("Deletion protection of the adopted user pool '[^']+' is off. Change it in the Cognito console", output)
    assert is_protected()
    assert "Turned" not in run(project, *RUN)
    output = run(project, *RUN, "--set", "DeletionProtection=false")
    assert "Turned off deletion protection of the adopted cluster 'c'\n" in output and "user pool" not in output
    assert not is_protected()


RESTORE = ("--stack", "restored", "--profile", "standard", "--set", "SnapshotIdentifier=old-final")


def test_snapshot_is_restored_with_its_own_version(project):
    """Amazon has upgraded the cluster since it was created."""
    create_cluster(project, "17.7")
    project.cloud.offer_engines("17.4", "17.7", "17.8")

    assert planned(project, *RESTORE, answers=ANSWERS)["DatabaseVersion"] == "17.7"
    assert planned(project, *RESTORE, "--set", "DatabaseVersion=17.8", answers=ANSWERS)["DatabaseVersion"] == "17.8"
    project.save_answers("restored", Profile="standard", DatabaseVersion="17.4")
    assert planned(project, *RESTORE)["DatabaseVersion"] == "17.7"


def test_version_before_that_of_the_snapshot_is_refused(project):
    create_cluster(project, "17.10")

    refusal = refuse(project, *RUN, *RESTORE, "--set", "DatabaseVersion=17.5", answers=ANSWERS)

    assert "DatabaseVersion=17.5 is earlier than 17.10, the version of the snapshot 'old-final'" in refusal
    assert "--set DatabaseVersion=17.10" in refusal


def test_snapshot_of_another_major_version_is_refused(project):
    create_cluster(project, "16.8")

    assert "DatabaseVersion='16.8' is not allowed." in refuse(project, *RUN, *RESTORE, answers=ANSWERS)


def test_missing_snapshot_is_named(project):
    refusal = refuse(project, *RUN, *RESTORE, answers=ANSWERS)

    assert "The cluster snapshot 'old-final' does not exist in eu-central-1." in refusal
    assert "aws rds describe-db-cluster-snapshots" in refusal
