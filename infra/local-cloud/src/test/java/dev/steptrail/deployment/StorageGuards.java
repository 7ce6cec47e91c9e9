package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static dev.steptrail.deployment.TemplateTree.statements;

import java.util.List;
import java.util.Map;

/** Checks that stored data is retained, encrypted, and not readable by others. */
final class StorageGuards extends GuardSet {
    StorageGuards(TemplateTree template, List<String> missing) {
        super(template, missing);
    }

    @Override
    void check() {
        template.resources("AWS::S3::Bucket").forEach(this::bucket);
        template.resources("AWS::SQS::Queue").forEach(this::queue);
        template.resources("AWS::Logs::LogGroup").forEach(this::logGroup);
        template.resources("AWS::KMS::Key").forEach(this::key);
        template.resources("AWS::RDS::DBCluster").forEach(this::cluster);
        template.resources("AWS::RDS::DBInstance")
                .forEach((name, instance) -> expect(name, instance, "false", "Properties", "PubliclyAccessible"));
        template.resources("AWS::RDS::DBClusterParameterGroup").forEach(this::parameters);
    }

    private void parameters(String name, Object group) {
        Map.of(
                        "rds.force_ssl",
                        "1",
                        "log_min_error_statement",
                        "panic",
                        "log_min_messages",
                        "log",
                        "log_error_verbosity",
                        "terse")
                .forEach((parameter, value) -> expect(name, group, value, "Properties", "Parameters", parameter));
    }

    private void retained(String name, Object resource) {
        require(
                List.of("Retain", "RetainExceptOnCreate").contains(at(resource, "DeletionPolicy")),
                name,
                "DeletionPolicy is not Retain or RetainExceptOnCreate");
        expect(name, resource, "Retain", "UpdateReplacePolicy");
    }

    private void bucket(String name, Object bucket) {
        retained(name, bucket);
        for (String block :
                List.of("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")) {
            expect(name, bucket, "true", "Properties", "PublicAccessBlockConfiguration", block);
        }
        Object encryption =
                list(at(bucket, "Properties", "BucketEncryption", "ServerSideEncryptionConfiguration")).stream()
                        .findFirst()
                        .orElse(Map.of());
        expect(
                name,
                encryption,
                choice("HasKey", "aws:kms", "AES256"),
                "ServerSideEncryptionByDefault",
                "SSEAlgorithm");
        expect(name, encryption, KEY, "ServerSideEncryptionByDefault", "KMSMasterKeyID");
        expect(name, encryption, choice("HasKey", "true", "!Ref AWS::NoValue"), "BucketKeyEnabled");
        require(
                list(at(bucket, "Properties", "OwnershipControls", "Rules"))
                        .equals(List.of(Map.of("ObjectOwnership", "BucketOwnerEnforced"))),
                name,
                "objects are not owned by the bucket owner");
        List<Object> rules = list(at(bucket, "Properties", "LifecycleConfiguration", "Rules"));
        expires(name, rules, "exports/", "1");
        expires(name, rules, "payloads/", "45");
        expires(name, rules, "backups/", "!Ref BackupDays");
        require(
                rules.stream().anyMatch(rule -> "7"
                        .equals(at(rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation"))),
                name,
                "incomplete uploads are not aborted after 7 days");
        tlsOnly(name, "AWS::S3::BucketPolicy", "Bucket", "!GetAtt BucketName.Value", "s3:*");
    }

    private void expires(String name, List<Object> rules, String prefix, String days) {
        require(
                rules.stream()
                        .anyMatch(rule -> prefix.equals(at(rule, "Prefix"))
                                && days.equals(at(rule, "ExpirationInDays"))
                                && "Enabled".equals(at(rule, "Status"))),
                name,
                prefix + " does not expire after " + days + " days");
    }

    private void tlsOnly(String name, String type, String key, String reference, String actions) {
        require(
                template.resources(type).values().stream()
                        .filter(policy -> list(at(policy, "Properties", key)).equals(List.of(reference)))
                        .flatMap(policy -> statements(at(policy, "Properties", "PolicyDocument")))
                        .anyMatch(statement -> "Deny".equals(statement.get("Effect"))
                                && "*".equals(statement.get("Principal"))
                                && actions.equals(statement.get("Action"))
                                && "false".equals(at(statement, "Condition", "Bool", "aws:SecureTransport"))),
                name,
                "allows requests without TLS");
    }

    private void queue(String name, Object queue) {
        expect(name, queue, KEY, "Properties", "KmsMasterKeyId");
        expect(name, queue, choice("HasKey", "!Ref AWS::NoValue", "true"), "Properties", "SqsManagedSseEnabled");
        tlsOnly(name, "AWS::SQS::QueuePolicy", "Queues", "!Ref " + name, "sqs:*");
        boolean isDeadLetterQueue = template.resources("AWS::SQS::Queue").values().stream()
                .anyMatch(other -> deadLetters(other).equals("!GetAtt " + name + ".Arn"));
        if (isDeadLetterQueue) {
            expect(name, queue, "1209600", "Properties", "MessageRetentionPeriod");
            return;
        }
        require(!deadLetters(queue).isEmpty(), name, "has no dead-letter queue");
        require(
                "true".equals(at(queue, "Properties", "FifoQueue")) // requests of exports and jobs, not steps
                        || at(queue, "Properties", "MessageRetentionPeriod").equals("345600"),
                name,
                "MessageRetentionPeriod is not 4 days");
    }

    private static String deadLetters(Object queue) {
        return at(queue, "Properties", "RedrivePolicy", "deadLetterTargetArn") instanceof String arn ? arn : "";
    }

    private void logGroup(String name, Object group) {
        expect(name, group, "!Ref LogDays", "Properties", "RetentionInDays");
        expect(name, group, KEY, "Properties", "KmsKeyId");
    }

    /** A restored cluster has the snapshot's value. */
    private static Object unlessRestored(String value) {
        return choice("RestoresSnapshot", "!Ref AWS::NoValue", value);
    }

    private void key(String name, Object key) {
        retained(name, key);
        expect(name, key, "true", "Properties", "EnableKeyRotation");
    }

    private void cluster(String name, Object cluster) {
        retained(name, cluster);
        expect(name, cluster, unlessRestored("true"), "Properties", "StorageEncrypted");
        expect(name, cluster, "!GetAtt KeyArn.Value", "Properties", "KmsKeyId");
        expect(name, cluster, "!Ref DeletionProtection", "Properties", "DeletionProtection");
        expect(name, cluster, "true", "Properties", "EnableIAMDatabaseAuthentication");
        expect(name, cluster, unlessRestored("iam-db-auth"), "Properties", "MasterUserAuthenticationType");
        require(
                number(at(cluster, "Properties", "BackupRetentionPeriod")) >= 7,
                name,
                "keeps backups for less than 7 days");
    }
}
