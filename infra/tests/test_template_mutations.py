"""The checks of the templates can fail: each detects the change of a property."""

import inspect
import shutil

import pytest

import stack
import test_template
import test_template_access
import test_template_data
import test_template_operations
from stack import SCENARIOS, Stack

CHECKS = {name: check for module in (test_template, test_template_access, test_template_data, test_template_operations)
          for name, check in vars(module).items() if name.startswith("test_")}

# Text of sam-template.yaml | its replacement | the check that detects it. The replacement applies to all places.
MUTATIONS = """
RestrictPublicBuckets: true | RestrictPublicBuckets: false | test_bucket_is_private
BlockPublicPolicy: true | BlockPublicPolicy: false | test_bucket_is_private
ObjectOwnership: BucketOwnerEnforced | ObjectOwnership: ObjectWriter | test_bucket_is_private
SSEAlgorithm: !If [HasKey, aws:kms, AES256] | SSEAlgorithm: AES256 | test_bucket_is_encrypted_with_the_key_of_the_stack
BucketKeyEnabled: !If [HasKey, true, !Ref AWS::NoValue] | BucketKeyEnabled: false | test_bucket_is_encrypted_with_the_key_of_the_stack
Prefix: exports/ | Prefix: screenshots/ | test_temporary_objects_expire
ExpirationInDays: !Ref BackupDays | ExpirationInDays: 3650 | test_temporary_objects_expire
DaysAfterInitiation: 7 | DaysAfterInitiation: 70 | test_temporary_objects_expire
aws:SecureTransport: "false" | aws:SecureTransport: "true" | test_bucket_refuses_requests_without_tls
s3:TlsVersion: "1.2" | s3:TlsVersion: "1.0" | test_bucket_refuses_requests_without_tls
aws:SecureTransport: "false" | aws:SecureTransport: "true" | test_queues_are_encrypted_and_refuse_requests_without_tls
KmsMasterKeyId: !If [HasKey, !GetAtt KeyArn.Value, !Ref AWS::NoValue] | DelaySeconds: 0 | test_queues_are_encrypted_and_refuse_requests_without_tls
SqsManagedSseEnabled: !If [HasKey, !Ref AWS::NoValue, true] | DelaySeconds: 0 | test_queues_are_encrypted_and_refuse_requests_without_tls
MessageRetentionPeriod: 1209600 | MessageRetentionPeriod: 60 | test_messages_that_fail_are_kept_for_14_days
MessageRetentionPeriod: 345600 | MessageRetentionPeriod: 1209600 | test_messages_that_fail_are_kept_for_14_days
deadLetterTargetArn: !GetAtt StepsDeadLetterQueue.Arn | deadLetterTargetArn: !GetAtt JobsDeadLetterQueue.Arn | test_messages_that_fail_are_kept_for_14_days
RetentionInDays: !Ref LogDays | RetentionInDays: 3653 | test_logs_are_encrypted_and_expire
KmsKeyId: !If [HasKey, !GetAtt KeyArn.Value, !Ref AWS::NoValue] | Tags: [] | test_logs_are_encrypted_and_expire
EnableKeyRotation: true | EnableKeyRotation: false | test_key_is_rotated
KmsKeyId: !GetAtt KeyArn.Value | Port: 5432 | test_cluster_is_encrypted_and_backed_up_and_has_no_password
StorageEncrypted: !If [RestoresSnapshot, !Ref AWS::NoValue, true] | StorageEncrypted: false | test_cluster_is_encrypted_and_backed_up_and_has_no_password
EnableIAMDatabaseAuthentication: true | EnableIAMDatabaseAuthentication: false | test_cluster_is_encrypted_and_backed_up_and_has_no_password
MasterUserAuthenticationType: !If | MasterUserPassword: !If | test_cluster_is_encrypted_and_backed_up_and_has_no_password
BackupRetentionPeriod: 14 | BackupRetentionPeriod: 1 | test_cluster_is_encrypted_and_backed_up_and_has_no_password
rds.force_ssl: "1" | rds.force_ssl: "0" | test_cluster_requires_tls_and_keeps_row_values_out_of_the_log
log_min_error_statement: panic | log_min_error_statement: error | test_cluster_requires_tls_and_keeps_row_values_out_of_the_log
PubliclyAccessible: false | PubliclyAccessible: true | test_network_is_not_connected_to_the_internet
MapPublicIpOnLaunch: false | MapPublicIpOnLaunch: true | test_network_is_not_connected_to_the_internet
Type: AWS::EC2::RouteTable | Type: AWS::EC2::InternetGateway | test_network_is_not_connected_to_the_internet
SourceSecurityGroupId: !Ref FunctionsSecurityGroup | SourceSecurityGroupId: !Ref EndpointSecurityGroup | test_security_groups_accept_connections_from_the_functions_only
SourceSecurityGroupId: !If | CidrIp: !If | test_security_groups_accept_connections_from_the_functions_only
- !GetAtt JobsQueue.Arn | - "*" | test_endpoints_lead_to_the_resources_of_the_stack_only
cloudformation-custom-resource-response- | other- | test_endpoints_lead_to_the_resources_of_the_stack_only
dbuser:${ClusterResourceId.Value}/${AWS::StackName}_api | dbuser:${ClusterResourceId.Value}/* | test_each_function_connects_with_a_login_of_this_stack
${BucketName.Value}/screenshots/* | ${BucketName.Value}/* | test_policies_allow_named_actions_on_named_resources
Resource: !GetAtt StepsQueue.Arn | Resource: "*" | test_policies_allow_named_actions_on_named_resources
Action: s3:GetObject | Action: s3:* | test_policies_allow_named_actions_on_named_resources
kms:Decrypt | kms:* | test_policies_allow_named_actions_on_named_resources
Sid: DecryptParameters | Sid: DecryptData | test_policies_allow_named_actions_on_named_resources
- !Ref FunctionPolicy | - arn:aws:iam::aws:policy/AdministratorAccess | test_each_function_has_its_own_role_and_log_group
Role: !GetAtt ApiRole.Arn | Role: !GetAtt IngestRole.Arn | test_each_function_has_its_own_role_and_log_group
LogGroup: !Ref ApiLogs | LogGroup: !Ref IngestLogs | test_each_function_has_its_own_role_and_log_group
LogFormat: JSON | LogFormat: Text | test_each_function_has_its_own_role_and_log_group
lambda:SourceFunctionArn: | lambda:Other: | test_code_of_functions_may_not_change_network_interfaces
MaximumConcurrency: !Ref IngestConcurrency | MaximumConcurrency: 900 | test_consumers_leave_database_connections_to_each_other
STEPTRAIL_API_CONNECTIONS: !Ref ApiConnections | STEPTRAIL_API_CONNECTIONS: 1000 | test_consumers_leave_database_connections_to_each_other
VisibilityTimeout: 360 | VisibilityTimeout: 60 | test_batches_are_retried_for_hours_but_not_while_they_are_processed
maxReceiveCount: 250 | maxReceiveCount: 3 | test_batches_are_retried_for_hours_but_not_while_they_are_processed
maxReceiveCount: 250 | maxReceiveCount: 1000 | test_batches_are_retried_for_hours_but_not_while_they_are_processed
MaximumBatchingWindowInSeconds: 1 | MaximumBatchingWindowInSeconds: 0 | test_batches_are_retried_for_hours_but_not_while_they_are_processed
- ReportBatchItemFailures | [] | test_batches_are_retried_for_hours_but_not_while_they_are_processed
ThrottlingRateLimit: 100 | ThrottlingRateLimit: 0 | test_other_routes_are_throttled_and_the_access_log_contains_routes_instead_of_paths
$context.routeKey | $context.path | test_other_routes_are_throttled_and_the_access_log_contains_routes_instead_of_paths
GET /signed-in: | GET /unknown: | test_throttles_are_of_existing_routes_and_of_each_public_one
DependsOn: Schema | DependsOn: StepsQueue | test_functions_are_updated_after_the_schema
ApplyOn: !Ref SnapStart | ApplyOn: None | test_functions_with_snapstart_are_invoked_daily
Default: PublishedVersions | Default: None | test_functions_with_snapstart_are_invoked_daily
Schedule: rate(1 day) | Schedule: rate(15 days) | test_functions_with_snapstart_are_invoked_daily
Threshold: 3 | Threshold: 3000000 | test_few_failures_of_a_new_release_roll_it_back
Period: 60 | Period: 3600 | test_few_failures_of_a_new_release_roll_it_back
- !Ref IngestUnexpectedErrorsReleaseAlarm | - !Ref MissingAlarm | test_few_failures_of_a_new_release_roll_it_back
DeploymentPreference: | Tags: | test_few_failures_of_a_new_release_roll_it_back
MetricName: ServerErrors | MetricName: Requests5xx | test_release_alarms_use_metrics_that_their_function_writes
Type: !If [Standard, Canary10Percent5Minutes, AllAtOnce] | Type: AllAtOnce | test_standard_encrypts_traces_and_shifts_traffic
Tracing: !If [Standard, Active, PassThrough] | Tracing: PassThrough | test_standard_encrypts_traces_and_shifts_traffic
KmsKeyArn: !If [HasKey, !GetAtt KeyArn.Value, !Ref AWS::NoValue] | MemorySize: 512 | test_standard_encrypts_traces_and_shifts_traffic
MaximumRetryAttempts: 0 | MaximumRetryAttempts: 2 | test_failure_of_a_custom_resource_is_not_retried
MaximumEventAgeInSeconds: 60 | MaximumEventAgeInSeconds: 120 | test_failure_of_a_custom_resource_is_not_retried
MaximumRetryAttempts: 0 | MaximumRetryAttempts: 2 | test_failed_maintenance_is_repeated_only_by_the_schedule
DeletionPolicy: RetainExceptOnCreate | DeletionPolicy: Delete | test_each_retained_resource_is_retained_on_purpose_and_deleted_after_a_failed_create
UpdateReplacePolicy: Retain | UpdateReplacePolicy: Delete | test_each_retained_resource_is_retained_on_purpose_and_deleted_after_a_failed_create
DeletionProtection: !Ref DeletionProtection | DeletionProtection: true | test_deletion_protection_is_a_choice
"""

CDN_MUTATIONS = """
ViewerProtocolPolicy: https-only | ViewerProtocolPolicy: allow-all | test_cloudfront_requires_tls
TrustedKeyGroups: | OtherKeyGroups: | test_cloudfront_serves_screenshots_for_signed_urls_only
OriginAccessControlId: !Ref AccessControl | OriginShield: none | test_cloudfront_serves_screenshots_for_signed_urls_only
"""


def rows(table):
    return [line.split(" | ") for line in table.strip().splitlines()]


def run(check):
    """Runs a check as pytest does, with each scenario if it has one."""
    if "deployed" not in inspect.signature(check).parameters:
        check()
        return
    for name in ("standard with CDN", "small", "standard with adopted data"):
        check(Stack.of(SCENARIOS[name]))


@pytest.fixture
def folder(tmp_path):
    """A copy of the templates, which the checks read."""
    (tmp_path / "infra").mkdir()
    for file in ("sam-template.yaml", "infra/cdn.yaml", "infra/cdn-viewer.yaml"):
        shutil.copy(stack.ROOT / file, tmp_path / file)
    yield tmp_path
    stack._parsed.cache_clear()
    stack._translate.cache_clear()


def mutate(path, text, replacement):
    source = path.read_text()
    assert text in source
    path.write_text(source.replace(text, replacement))


@pytest.mark.parametrize("text, replacement, check", rows(MUTATIONS))
def test_change_of_the_template_is_detected(folder, monkeypatch, text, replacement, check):
    mutate(folder / "sam-template.yaml", text, replacement)
    monkeypatch.setattr(stack, "TEMPLATE", folder / "sam-template.yaml")
    stack._parsed.cache_clear()
    stack._translate.cache_clear()

    with pytest.raises((AssertionError, KeyError)):
        run(CHECKS[check])


@pytest.mark.parametrize("text, replacement, check", rows(CDN_MUTATIONS))
def test_change_of_the_cdn_is_detected(folder, monkeypatch, text, replacement, check):
    mutate(folder / "infra/cdn.yaml", text, replacement)
    monkeypatch.setattr(stack, "ROOT", folder)

    with pytest.raises((AssertionError, KeyError)):
        CHECKS[check](*["cdn.yaml"][:len(inspect.signature(CHECKS[check]).parameters)])
