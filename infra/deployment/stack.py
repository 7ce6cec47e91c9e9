"""The stack in CloudFormation: its state, and the deletion of one whose creation failed."""
from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import WaiterError

from .account import Account
from .errors import AWS_ERRORS, Stop, describe, has_code
from .questions import Questions

Resource = Mapping[str, Any]  # a StackResourceSummary

FAILED_CREATE = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS", "CREATE_FAILED")
STARTED = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS")
REMEDIES = {"UPDATE_ROLLBACK_FAILED": "continue-update-rollback", "DELETE_FAILED": "delete-stack"}
BILLED = ("Instance", "Cluster", "Key")  # of the resources that CloudFormation keeps when it deletes a failed stack


def describe_stack(account: Account, name: str) -> dict[str, Any] | None:
    """Returns CloudFormation's description of a stack, or None if it does not exist."""
    try:
        found: dict[str, Any] = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        return found
    except AWS_ERRORS as e:
        if has_code(e, "ValidationError"):  # as for the waiters of boto3
            return None
        raise Stop(f"Cannot read the stack '{name}': {describe(e)}") from e


def parameters_of(description: Mapping[str, Any]) -> dict[str, str]:
    return {each["ParameterKey"]: each["ParameterValue"] for each in description.get("Parameters", [])}


def outputs_of(description: Mapping[str, Any]) -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in description.get("Outputs", [])}


def resources_of(account: Account, stack_id: str) -> list[Resource]:
    pages = account.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack_id)
    return list(pages.search("StackResourceSummaries[]"))


def print_resources(resources: Iterable[Resource]) -> None:
    for each in resources:
        print(f"  {each['LogicalResourceId']} ({each['ResourceType']}) {each.get('PhysicalResourceId', '')}".rstrip())


class Stack:
    """A stack that exists, that does not, or whose creation failed, so that it must be deleted first.

    parameters     -- the deployed values
    rolled_back_at -- the start time of the last update if CloudFormation has rolled it back; otherwise an empty string
    """

    def __init__(self, account: Account, name: str) -> None:
        self.account = account
        self.name = name
        description = describe_stack(account, name)
        status = description["StackStatus"] if description else ""
        self.failed = description if status in FAILED_CREATE else None
        self.exists = bool(description) and not self.failed
        self.rolled_back_at = str(description["LastUpdatedTime"]) if description and status == "UPDATE_ROLLBACK_COMPLETE" else ""
        self.parameters = parameters_of(description) if description and not self.failed else {}
        if not self.failed:
            self._check_status(status)

    def _check_status(self, status: str) -> None:
        if status in REMEDIES:
            raise Stop(f"The stack '{self.name}' is {status}{self.first_failure()}. Remove the cause, run 'aws cloudformation"
                       f" {REMEDIES[status]} --stack-name {self.name}', and then infra/deploy again.")
        if status.endswith("_IN_PROGRESS"):
            raise Stop(f"The stack '{self.name}' is {status}. Wait until CloudFormation has finished, and run infra/deploy again.")

    def first_failure(self) -> str:
        """Returns the reason of the first failed resource of the last operation, to append to a message."""
        first = ""
        try:
            pages = self.account.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=self.name)
            for event in pages.search("StackEvents[]"):  # newest first
                if event["ResourceType"] == "AWS::CloudFormation::Stack" and event["ResourceStatus"] in STARTED:
                    break
                reason = event.get("ResourceStatusReason", "")
                if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
                    first = f" ({event['LogicalResourceId']}: {reason})"
        except AWS_ERRORS as e:
            return "" if has_code(e, "ValidationError") else f" (its events cannot be read: {describe(e)})"  # "" if it does not exist
        return first

    def print_failed(self, retained: Iterable[str]) -> None:
        """Prints what is left of a stack whose creation failed.

        retained -- the logical ids of the resources that CloudFormation keeps
        """
        if not self.failed:
            return
        print(f"The stack '{self.name}' is {self.failed['StackStatus']}{self.first_failure()}. CloudFormation cannot update it: it must be"
              " deleted first. No data was stored in it.")
        left = [each for each in resources_of(self.account, self.failed["StackId"]) if each["ResourceStatus"] != "DELETE_COMPLETE"]
        kept = [each for each in left if each["LogicalResourceId"] in retained]
        deleted = [each for each in left if each not in kept]
        print("To delete: the stack, and " + (f"{len(deleted)} resources:" if deleted else "no other resource." if kept
                                              else "no resource; all were rolled back."))
        print_resources(deleted)
        if kept:
            print("CloudFormation will keep these resources, although they contain no data:")
            print_resources(kept)

    def delete_failed(self, questions: Questions) -> None:
        """Deletes a stack whose creation failed, after a question."""
        if not self.failed:
            return
        if not questions.confirm("Delete it?", default=False):
            raise Stop(f"The stack '{self.name}' was not deleted. Delete it, or choose another name with --stack.")
        stack_id = self.failed["StackId"]
        cloudformation = self.account.client("cloudformation")
        cloudformation.delete_stack(StackName=stack_id)
        print("Deleting …")
        try:
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack_id)
        except WaiterError as e:
            raise Stop(f"The stack '{self.name}' could not be deleted: {e}. See its events in CloudFormation.") from e
        print(f"Deleted the stack '{self.name}'")
        kept = [each for each in resources_of(self.account, stack_id) if each["ResourceStatus"] == "DELETE_SKIPPED"]
        billed = [each for each in kept if each["LogicalResourceId"] in BILLED and each.get("PhysicalResourceId")]
        if billed:
            print("CloudFormation kept a database or a key, which cost money and contain no data:")
            print_resources(billed)
            if questions.confirm("Delete them too?", default=False):
                delete_billed(self.account, {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in billed})
                kept = [each for each in kept if each not in billed]
        if kept:
            print("CloudFormation kept these resources; delete them by hand when you do not need them:")
            print_resources(kept)


def delete_billed(account: Account, billed: Mapping[str, str]) -> None:
    """Deletes the database and the key of a stack whose creation failed. The key is last, because the cluster needs it until then."""
    rds = account.client("rds")
    if "Instance" in billed:
        rds.delete_db_instance(DBInstanceIdentifier=billed["Instance"], SkipFinalSnapshot=True)
        rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier=billed["Instance"])
    if "Cluster" in billed:
        rds.delete_db_cluster(DBClusterIdentifier=billed["Cluster"], SkipFinalSnapshot=True)
        rds.get_waiter("db_cluster_deleted").wait(DBClusterIdentifier=billed["Cluster"])
    if "Key" in billed:
        account.client("kms").schedule_key_deletion(KeyId=billed["Key"], PendingWindowInDays=7)
    print(f"Deleted {', '.join(name for name in BILLED if name in billed)}")
