"""The adoption of resources that CloudFormation kept when it deleted a stack."""
import re
from collections.abc import Mapping
from typing import Any

from .account import Account
from .errors import AWS_ERRORS, Stop, describe, has_code
from .stack import describe_stack, parameters_of, resources_of
from .values import Values

DATA = {"Bucket": "ExistingBucket", "UserPool": "ExistingUserPoolId"}
CLUSTER = ("ExistingClusterId", "ExistingClusterEndpoint", "ExistingClusterResourceId", "ExistingSubnetIds", "ExistingSecurityGroupId",
           "ExistingVpcId")  # with its network


def adopt(account: Account, stack: str, new_stack: str, given: Mapping[str, str]) -> dict[str, str]:
    """Returns the parameters with which a new stack adopts the retained resources of a deleted one, and prints them.

    stack -- the name or the ARN of the deleted stack
    given -- the parameters on the command line, which stay as they are. With a SnapshotIdentifier, the cluster is not adopted
    """
    stack_id = stack if stack.startswith("arn:") else find_deleted(account, stack)
    deleted = describe_stack(account, stack_id)
    if not deleted:
        raise Stop(f"The stack '{stack_id}' does not exist.")
    kept = kept_resources(account, stack_id)
    # What the deleted stack itself had adopted, and what it created.
    values = adopted_resources(deleted)
    values.update({parameter: kept[name] for name, parameter in DATA.items() if kept.get(name)})
    if kept.get("Key"):
        values["ExistingKeyArn"] = kept["Key"]
    if not values and not kept.get("Cluster"):
        raise Stop(f"The deleted stack '{stack}' kept no bucket, key, user pool or database.")
    print(f"Adopts from {stack_id}:")
    # CloudFormation's list does not change when a kept resource is deleted later.
    for parameter in [name for name in ("ExistingBucket", "ExistingUserPoolId", "ExistingKeyArn") if values.get(name) and name not in given]:
        found = find_existing(account, parameter, values[parameter])
        if not found:
            print(f"  not {values[parameter]} ({parameter}), which was deleted: the new stack creates it if it needs it")
        values[parameter] = found
    cluster = kept.get("Cluster") or values.get("ExistingClusterId")
    if cluster:
        values.update(adopt_cluster(account, cluster, kept, given))
    # The tables belong to a database role that is named after the deleted stack.
    values["ExistingStack"] = "" if deleted["StackName"] == new_stack else deleted["StackName"]
    values.update({name: given[name] for name in values if name in given})
    for name, value in values.items():
        if value or name == "ExistingStack":
            print(f"  --set {name}={value}")
    return values


def find_existing(account: Account, parameter: str, name: str) -> str:
    """Returns the value of a parameter for a resource that a deleted stack kept; empty if the resource was deleted since."""
    try:
        if parameter == "ExistingBucket":
            account.client("s3").head_bucket(Bucket=name)
        elif parameter == "ExistingUserPoolId":
            account.client("cognito-idp").describe_user_pool(UserPoolId=name)
        else:
            key = account.client("kms").describe_key(KeyId=name)["KeyMetadata"]
            if key["KeyState"] != "Enabled":
                raise Stop(f"The key {key['Arn']} is {key['KeyState']}, and the data cannot be read without it. Run 'aws kms cancel-key-deletion"
                           f" --key-id {key['KeyId']}' if it is to be deleted, and 'aws kms enable-key --key-id {key['KeyId']}'.")
            return str(key["Arn"])
    except AWS_ERRORS as e:
        if not has_code(e, "404", "NoSuchBucket", "ResourceNotFoundException", "NotFoundException"):
            raise
        return ""
    return name


def adopt_cluster(account: Account, name: str, kept: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Returns the parameters that adopt a cluster and its network, or that make the new stack create both."""
    creates_cluster = dict.fromkeys((*CLUSTER, "SnapshotIdentifier"), "")
    if given.get("SnapshotIdentifier"):
        print(f"  not the cluster '{name}', because the new stack restores the snapshot '{given['SnapshotIdentifier']}' in a network of its own")
        return creates_cluster
    rds = account.client("rds")
    try:
        cluster = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
    except AWS_ERRORS as e:
        if not has_code(e, "DBClusterNotFoundFault"):
            raise
        pages = rds.get_paginator("describe_db_cluster_snapshots").paginate(SnapshotType="manual")
        snapshots = ", ".join(each["DBClusterSnapshotIdentifier"] for each in pages.search("DBClusterSnapshots[]")
                              if each["DBClusterIdentifier"] == name) or "there is none"
        print(f"  not the cluster '{name}', which was deleted: the new stack gets an empty database. To restore a snapshot of the cluster"
              f" ({snapshots}), pass --set SnapshotIdentifier=")
        return creates_cluster
    if "Cluster" not in kept:  # the deleted stack had adopted it, with these parameters
        return {"SnapshotIdentifier": ""}
    return {
        "ExistingClusterId": name, "ExistingClusterEndpoint": cluster["Endpoint"], "ExistingClusterResourceId": cluster["DbClusterResourceId"],
        "ExistingSubnetIds": ",".join(kept[subnet] for subnet in sorted(kept) if re.fullmatch("Subnet[A-Z]", subnet)),
        "ExistingSecurityGroupId": kept.get("FunctionsSecurityGroup", ""), "ExistingVpcId": kept.get("Vpc", ""), "SnapshotIdentifier": ""}


def check_user_pool(account: Account, pool_id: str) -> None:
    """Checks that only administrators create users in an adopted user pool. Each of its users may store and read own tasks."""
    try:
        pool = account.client("cognito-idp").describe_user_pool(UserPoolId=pool_id)["UserPool"]
    except AWS_ERRORS as e:
        if not has_code(e, "ResourceNotFoundException"):
            raise
        raise Stop(f"The user pool '{pool_id}' does not exist in {account.region}. Check ExistingUserPoolId and --region.") from e
    if not pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly"):
        raise Stop(f"In the user pool '{pool_id}' everyone can sign up, and would have access to the API. Turn self-registration off in the"
                   " Cognito console (the pool, Sign-up, Self-service sign-up), and look for users whom you did not invite: aws cognito-idp"
                   f" list-users --user-pool-id {pool_id}")


def kept_resources(account: Account, stack_id: str) -> dict[str, str]:
    """Returns the physical ids, by logical id, of the resources that CloudFormation kept when it deleted a stack."""
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in resources_of(account, stack_id)
            if each["ResourceStatus"] == "DELETE_SKIPPED"}


def adopted_resources(description: Mapping[str, Any]) -> dict[str, str]:
    """Returns the parameters with which a stack has adopted resources."""
    return {name: value for name, value in parameters_of(description).items()
            if name.startswith("Existing") and name != "ExistingStack" and value}


def find_deleted(account: Account, name: str) -> str:
    """Returns the ARN of the newest deleted stack of this name that kept data. If others kept data too, prints their ARNs."""
    pages = account.client("cloudformation").get_paginator("list_stacks").paginate(StackStatusFilter=["DELETE_COMPLETE"])
    found = sorted(((each["CreationTime"], each["StackId"]) for each in pages.search("StackSummaries[]") if each["StackName"] == name), reverse=True)
    if not found:
        raise Stop(f"No deleted stack '{name}' is known in {account.region}; CloudFormation lists deleted stacks for 90 days. Pass the"
                   " Existing… parameters with --set, as docs/back-up-and-restore.md describes.")
    keeping = [(created, stack_id) for created, stack_id in found
               if {*DATA, "Key", "Cluster"} & kept_resources(account, stack_id).keys() or adopted_resources(describe_stack(account, stack_id) or {})]
    if len(keeping) > 1:
        print(f"{len(keeping)} deleted stacks '{name}' kept data. This run adopts from the newest one. To use another one, pass its ARN to --adopt:")
        for created, stack_id in keeping:
            print(f"  {created:%Y-%m-%d %H:%M} {stack_id}")
    return str((keeping or found)[0][1])


def protect_adopted(account: Account, values: Values, is_protected: bool) -> None:
    """Sets the deletion protection of adopted resources, which CloudFormation does not change.

    Only prints that of the user pool, because Cognito's UpdateUserPool resets each setting that a call leaves out.
    """
    cluster, pool = values["ExistingClusterId"], values["ExistingUserPoolId"]
    if values["Profile"] == "standard" and cluster:
        rds = account.client("rds")
        try:
            if rds.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"][0].get("DeletionProtection", False) != is_protected:
                rds.modify_db_cluster(DBClusterIdentifier=cluster, DeletionProtection=is_protected)
                print(f"Turned {'on' if is_protected else 'off'} deletion protection of the adopted cluster '{cluster}'")
        except AWS_ERRORS as e:  # the stack is deployed
            print(f"Deletion protection of the adopted cluster '{cluster}' was not changed: {describe(e)}. Change it with 'aws rds"
                  f" modify-db-cluster --db-cluster-identifier {cluster} --{'' if is_protected else 'no-'}deletion-protection'.")
    if pool:
        found = account.client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"].get("DeletionProtection", "INACTIVE")
        if (found == "ACTIVE") != is_protected:
            print(f"Deletion protection of the adopted user pool '{pool}' is {'off' if is_protected else 'on'}. Change it in the Cognito console"
                  " (the pool, Settings), because 'aws cognito-idp update-user-pool' resets the settings that it does not name.")
