"""Checks of quotas and versions in the account and the region, which run before a stack is deployed."""
from .account import Account
from .database import MIN_INGEST
from .errors import AWS_ERRORS, Stop, has_code
from .values import Values

# Lambda rejects a reservation that leaves fewer unreserved concurrent executions:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
MIN_UNRESERVED = 100
OTHER_EXECUTIONS = 5  # for the API, exports, jobs and maintenance while ingest uses IngestConcurrency
RAISE_CONCURRENCY = ("request a higher quota: aws service-quotas request-service-quota-increase --service-code lambda --quota-code"
                     " L-B99A9384 --desired-value 1000")
VPC_QUOTA = "L-F678F1CE"
DEFAULT_VPC_QUOTA = 5


def check_concurrency(account: Account, values: Values) -> None:
    """Checks that the account's concurrency quota is sufficient for the stack. Lowers IngestConcurrency if no value was set."""
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    quota = limits["ConcurrentExecutions"]
    reserved = values.number("ApiConcurrency")
    unreserved = limits["UnreservedConcurrentExecutions"] + int(values.deployed.get("ApiConcurrency") or 0) - reserved
    if reserved and unreserved < MIN_UNRESERVED:
        raise Stop(f"ApiConcurrency={reserved} does not fit: Lambda requires {MIN_UNRESERVED} unreserved concurrent executions, and"
                   f" {max(unreserved, 0)} of this account's {quota} would remain. Use --set ApiConcurrency=0, or {RAISE_CONCURRENCY}")
    ingest, available = values.number("IngestConcurrency"), unreserved - OTHER_EXECUTIONS
    if ingest <= available:
        return
    if not values.is_set("IngestConcurrency") and available >= MIN_INGEST:
        values.chosen["IngestConcurrency"] = str(available)
        print(f"The account's quota is {quota} concurrent executions, as in new accounts: IngestConcurrency is set to {available}. Later,"
              f" {RAISE_CONCURRENCY}")
        return
    advice = f"Use --set IngestConcurrency={available}, or" if available >= MIN_INGEST else (
        f"The smallest value is {MIN_INGEST}. Remove the reservation of another function (aws lambda delete-function-concurrency), or")
    raise Stop(f"IngestConcurrency={ingest} does not fit: {unreserved} of this account's {quota} concurrent executions are unreserved,"
               f" and the other functions need {OTHER_EXECUTIONS}. {advice} {RAISE_CONCURRENCY}")


def check_new_network(account: Account) -> None:
    """Checks that the quota of the region allows another VPC."""
    try:
        quota = int(account.client("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode=VPC_QUOTA)["Quota"]["Value"])
    except AWS_ERRORS:  # reading quotas needs a permission that the deployment does not need
        quota = DEFAULT_VPC_QUOTA
    count = len(list(account.client("ec2").get_paginator("describe_vpcs").paginate().search("Vpcs[]")))
    if count >= quota:
        raise Stop(f"The region {account.region} has {count} VPCs, and the quota is {quota}. Delete one, use another region (--region), or"
                   " request a higher quota: aws service-quotas request-service-quota-increase --service-code vpc --quota-code"
                   f" {VPC_QUOTA} --desired-value {quota + 1}")


def choose_snapshot_version(account: Account, values: Values) -> None:
    """Checks the cluster snapshot, and sets DatabaseVersion to its version if it is not given.

    Amazon upgrades clusters to later minor versions. CloudFormation cannot restore a snapshot with an earlier version than the snapshot's.
    """
    name = values["SnapshotIdentifier"]
    # RDS finds an automated snapshot only if the request contains the type.
    scope = {"SnapshotType": "automated"} if name.split(":cluster-snapshot:")[-1].startswith("rds:") else {"IncludeShared": True}
    try:
        snapshot = account.client("rds").describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=name, **scope)["DBClusterSnapshots"][0]
    except AWS_ERRORS as e:
        if not has_code(e, "DBClusterSnapshotNotFoundFault"):
            raise
        raise Stop(f"The cluster snapshot '{name}' does not exist in {account.region}. Pass --set SnapshotIdentifier= with one that 'aws rds"
                   " describe-db-cluster-snapshots' lists.") from e
    if snapshot["Status"] != "available":
        raise Stop(f"The cluster snapshot '{name}' is {snapshot['Status']}. Wait until it is available, and run infra/deploy again.")
    version = snapshot["EngineVersion"]
    if "DatabaseVersion" not in values.given:
        values.chosen["DatabaseVersion"] = version
        values.check()
    elif version_number(values["DatabaseVersion"]) < version_number(version):
        raise Stop(f"DatabaseVersion={values['DatabaseVersion']} is earlier than {version}, the version of the snapshot '{name}', which"
                   f" cannot be restored with it. Use --set DatabaseVersion={version}, or a later version.")


def version_number(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def check_aurora_version(account: Account, wanted: str) -> None:
    pages = account.client("rds").get_paginator("describe_db_engine_versions").paginate(Engine="aurora-postgresql")
    offered = list(pages.search("DBEngineVersions[].EngineVersion"))
    if wanted not in offered:
        same_major = [version for version in offered if version.startswith(wanted.split(".")[0] + ".")]
        raise Stop(f"Amazon does not offer Aurora PostgreSQL {wanted} in {account.region}. Use --set DatabaseVersion= with one of"
                   f" {', '.join(same_major) or 'those of another region'}.")
