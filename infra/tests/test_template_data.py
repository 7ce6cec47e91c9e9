"""Checks of the templates as CloudFormation receives them: stored data is encrypted, kept, and not readable by others."""

import pytest
from samtranslator.yaml_helper import yaml_parse

import stack
from stack import Stack, as_list

TLS_1_2 = {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
TLS = {"Bool": {"aws:SecureTransport": "false"}}
DAYS_4, DAYS_14 = 345600, 1209600
MIN_BACKUP_DAYS = 7


def key_of(deployed):
    """Returns the key that encrypts the stack's data, or None if the services use their own keys."""
    return {"Fn::GetAtt": ["KeyArn", "Value"]} if "KeyArn" in deployed.resources else None


# The bucket


def test_bucket_is_private(deployed):
    for bucket in deployed.of_type("AWS::S3::Bucket").values():
        block = bucket["Properties"]["PublicAccessBlockConfiguration"]
        assert block == {name: True for name in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")}
        assert bucket["Properties"]["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_bucket_is_encrypted_with_the_key_of_the_stack(deployed):
    key = key_of(deployed)
    for bucket in deployed.of_type("AWS::S3::Bucket").values():
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        if key:
            assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, "BucketKeyEnabled": True}
        else:
            assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}


def test_temporary_objects_expire(deployed):
    for bucket in deployed.of_type("AWS::S3::Bucket").values():
        rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        assert {rule["Status"] for rule in rules} == {"Enabled"}
        expirations = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
        # Screenshots and archives do not expire: maintenance deletes them.
        assert expirations == {"exports/": 1, "backups/": {"Ref": "BackupDays"}}
        assert {"DaysAfterInitiation": 7} in [rule.get("AbortIncompleteMultipartUpload") for rule in rules if "Prefix" not in rule]


def denied(deployed, policies, key, target):
    """Returns the action, the resources and the condition of each statement that denies a target to all callers.

    key -- the property of a policy that names its target
    """
    return [
        (statement["Action"], list(map(deployed.text, as_list(statement["Resource"]))), statement["Condition"])
        for policy in policies.values()
        if target in as_list(policy["Properties"][key])
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    ]


def test_bucket_refuses_requests_without_tls(deployed):
    """The bucket's policy is the stack's, also of an adopted bucket."""
    name = {"Fn::GetAtt": ["BucketName", "Value"]}
    arn = f"arn:aws:s3:::{deployed.text(name)}"

    found = denied(deployed, deployed.of_type("AWS::S3::BucketPolicy"), "Bucket", name)

    for condition in (TLS, TLS_1_2):
        assert ("s3:*", [arn, f"{arn}/*"], condition) in found


# Queues and logs


def test_queues_are_encrypted_and_refuse_requests_without_tls(deployed):
    key = key_of(deployed)
    policies = deployed.of_type("AWS::SQS::QueuePolicy")
    for name, queue in deployed.of_type("AWS::SQS::Queue").items():
        assert queue["Properties"].get("KmsMasterKeyId") == key, name
        assert queue["Properties"].get("SqsManagedSseEnabled") == (None if key else True), name
        arn = deployed.text({"Fn::GetAtt": [name, "Arn"]})
        assert ("sqs:*", [arn], TLS) in denied(deployed, policies, "Queues", {"Ref": name}), name


def test_messages_that_fail_are_kept_for_14_days(deployed):
    queues = deployed.of_type("AWS::SQS::Queue")
    dead_letters = {
        name: queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for name, queue in queues.items()
        if "RedrivePolicy" in queue["Properties"]
    }

    assert set(queues) == set(dead_letters) | set(dead_letters.values())
    for name in dead_letters.values():
        assert queues[name]["Properties"]["MessageRetentionPeriod"] == DAYS_14, name
    for name in dead_letters:
        # Queues of exports and jobs are first in, first out, and contain requests instead of steps.
        assert queues[name]["Properties"].get("FifoQueue") or queues[name]["Properties"]["MessageRetentionPeriod"] == DAYS_4, name


def test_logs_are_encrypted_and_expire(deployed):
    for name, group in deployed.of_type("AWS::Logs::LogGroup").items():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}, name
        assert group["Properties"].get("KmsKeyId") == key_of(deployed), name


# The database


def test_key_is_rotated(deployed):
    for key in deployed.of_type("AWS::KMS::Key").values():
        assert key["Properties"]["EnableKeyRotation"] is True


def test_cluster_is_encrypted_and_backed_up_and_has_no_password(deployed):
    for cluster in deployed.of_type("AWS::RDS::DBCluster").values():
        properties = cluster["Properties"]
        assert properties["KmsKeyId"] == key_of(deployed)
        assert properties["EnableIAMDatabaseAuthentication"] is True
        assert properties["BackupRetentionPeriod"] >= MIN_BACKUP_DAYS
        assert properties["DBClusterParameterGroupName"] == {"Ref": "ClusterParameters"}
        assert "MasterUserPassword" not in properties
        if not deployed.parameters["SnapshotIdentifier"]:
            assert properties["StorageEncrypted"] is True
            assert properties["MasterUserAuthenticationType"] == "iam-db-auth"


def test_cluster_requires_tls_and_keeps_row_values_out_of_the_log(deployed):
    for group in deployed.of_type("AWS::RDS::DBClusterParameterGroup").values():
        assert group["Properties"]["Parameters"] == {
            "rds.force_ssl": "1", "log_min_messages": "log", "log_min_error_statement": "panic", "log_error_verbosity": "terse"}


# The network


def test_network_is_not_connected_to_the_internet(deployed):
    for name, instance in deployed.of_type("AWS::RDS::DBInstance").items():
        assert instance["Properties"]["PubliclyAccessible"] is False, name
    for name, subnet in deployed.of_type("AWS::EC2::Subnet").items():
        assert subnet["Properties"]["MapPublicIpOnLaunch"] is False, name
    gateways = ("InternetGateway", "NatGateway", "EgressOnlyInternetGateway", "VPCGatewayAttachment", "Route", "EIP")
    assert not deployed.of_type(*(f"AWS::EC2::{gateway}" for gateway in gateways))


def test_security_groups_accept_connections_from_the_functions_only(deployed):
    functions = {"Ref": "ExistingSecurityGroupId" if deployed.parameters["ExistingClusterId"] else "FunctionsSecurityGroup"}
    assert not deployed.of_type("AWS::EC2::SecurityGroupIngress")
    for name, group in deployed.of_type("AWS::EC2::SecurityGroup").items():
        for rule in group["Properties"].get("SecurityGroupIngress", []):
            assert rule["SourceSecurityGroupId"] == functions, name
            assert not {"CidrIp", "CidrIpv6", "SourcePrefixListId"} & set(rule), name


def test_endpoints_lead_to_the_resources_of_the_stack_only(deployed):
    """The functions' roles limit the actions; the policy of an endpoint limits the resources."""
    for name, endpoint in deployed.of_type("AWS::EC2::VPCEndpoint").items():
        statements = endpoint["Properties"]["PolicyDocument"]["Statement"]
        resources = [deployed.text(resource) for statement in statements for resource in as_list(statement["Resource"])]
        assert resources and "*" not in resources, name
        if name == "S3Endpoint":  # through which the migrate function responds to CloudFormation
            assert "arn:aws:s3:::cloudformation-custom-resource-response-*/*" in resources


# CloudFront


def cdn(file):
    parameters = {"BucketDomain": "bucket.s3.amazonaws.com", "PublicKey": "PEM", "ApiDomain": "api.example.com"}
    return Stack(yaml_parse((stack.ROOT / "infra" / file).read_text()), parameters)


@pytest.mark.parametrize("file", ["cdn.yaml", "cdn-viewer.yaml"])
def test_cloudfront_requires_tls(file):
    configuration = cdn(file).properties("Distribution")["DistributionConfig"]

    for behavior in [configuration["DefaultCacheBehavior"], *configuration.get("CacheBehaviors", [])]:
        assert behavior["ViewerProtocolPolicy"] in ("https-only", "redirect-to-https")


def test_cloudfront_serves_screenshots_for_signed_urls_only():
    configuration = cdn("cdn.yaml").properties("Distribution")["DistributionConfig"]

    assert "CacheBehaviors" not in configuration
    assert configuration["DefaultCacheBehavior"]["TrustedKeyGroups"] == [{"Ref": "Signers"}]
    (origin,) = configuration["Origins"]
    assert origin["OriginAccessControlId"] == {"Ref": "AccessControl"}
