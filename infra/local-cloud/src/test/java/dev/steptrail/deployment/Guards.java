package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static dev.steptrail.deployment.TemplateTree.map;
import static dev.steptrail.deployment.TemplateTree.statements;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a template of the cloud must have for what is kept there to be safe, and tells where it has not. */
final class Guards {
    private static final int SIX = 6;
    private static final int AN_HOUR = 3600;

    /** What may name all resources, since these actions have none to name, or only before it is made. */
    private static final Set<String> MAY_NAME_ALL = Set.of("Trace", "StandInTheNetwork");

    private final TemplateTree template;
    private final List<String> missing = new ArrayList<>();

    private Guards(TemplateTree template) {
        this.template = template;
    }

    /** What is missing, a line each. */
    static List<String> missing(TemplateTree template) {
        Guards guards = new Guards(template);
        template.resources("AWS::S3::Bucket").forEach(guards::bucket);
        template.resources("AWS::SQS::Queue").forEach(guards::queue);
        template.resources("AWS::Serverless::Function").forEach(guards::function);
        template.resources("AWS::IAM::Role").forEach(guards::role);
        template.resources("AWS::IAM::ManagedPolicy")
                .forEach((name, policy) -> guards.allowed(name, at(policy, "Properties", "PolicyDocument")));
        template.resources("AWS::Logs::LogGroup").forEach(guards::logGroup);
        template.resources("AWS::KMS::Key").forEach(guards::key);
        template.resources("AWS::Serverless::HttpApi").forEach(guards::api);
        template.resources("AWS::RDS::DBCluster").forEach(guards::cluster);
        template.resources("AWS::RDS::DBInstance")
                .forEach(
                        (name, instance) -> guards.expect(name, instance, "false", "Properties", "PubliclyAccessible"));
        template.resources("AWS::RDS::DBClusterParameterGroup")
                .forEach((name, group) -> guards.expect(name, group, "1", "Properties", "Parameters", "rds.force_ssl"));
        template.resources("AWS::EC2::Subnet")
                .forEach((name, subnet) -> guards.expect(name, subnet, "false", "Properties", "MapPublicIpOnLaunch"));
        template.resources("AWS::EC2::VPCEndpoint").forEach(guards::endpoint);
        template.resources("AWS::CloudFront::Distribution").forEach(guards::distribution);
        for (String way : List.of("AWS::EC2::InternetGateway", "AWS::EC2::NatGateway")) {
            template.resources(way).keySet().forEach(name -> guards.miss(name, "no way to the internet"));
        }
        return guards.missing;
    }

    private void miss(String resource, String what) {
        missing.add(resource + ": " + what);
    }

    private void require(boolean held, String resource, String what) {
        if (!held) {
            miss(resource, what);
        }
    }

    private void expect(String name, Object resource, String value, String... keys) {
        require(value.equals(at(resource, keys)), name, String.join(".", keys) + " is not " + value);
    }

    private void retained(String name, Object resource) {
        expect(name, resource, "Retain", "DeletionPolicy");
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
        expect(name, encryption, "aws:kms", "ServerSideEncryptionByDefault", "SSEAlgorithm");
        expect(name, encryption, "!GetAtt Key.Arn", "ServerSideEncryptionByDefault", "KMSMasterKeyID");
        expect(name, encryption, "true", "BucketKeyEnabled");
        require(
                list(at(bucket, "Properties", "OwnershipControls", "Rules"))
                        .equals(List.of(Map.of("ObjectOwnership", "BucketOwnerEnforced"))),
                name,
                "objects are not the bucket owner's");
        List<Object> rules = list(at(bucket, "Properties", "LifecycleConfiguration", "Rules"));
        expires(name, rules, "exports/", "1");
        expires(name, rules, "payloads/", "45");
        require(
                rules.stream().anyMatch(rule -> "7"
                        .equals(at(rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation"))),
                name,
                "unfinished uploads stay");
        tlsOnly(name, "AWS::S3::BucketPolicy", "Bucket", "s3:*");
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

    private void tlsOnly(String name, String type, String key, String actions) {
        require(
                template.resources(type).values().stream()
                        .filter(policy -> list(at(policy, "Properties", key)).equals(List.of("!Ref " + name)))
                        .flatMap(policy -> statements(at(policy, "Properties", "PolicyDocument")))
                        .anyMatch(statement -> "Deny".equals(statement.get("Effect"))
                                && "*".equals(statement.get("Principal"))
                                && actions.equals(statement.get("Action"))
                                && "false".equals(at(statement, "Condition", "Bool", "aws:SecureTransport"))),
                name,
                "takes what comes without TLS");
    }

    private void queue(String name, Object queue) {
        expect(name, queue, "!Ref Key", "Properties", "KmsMasterKeyId");
        tlsOnly(name, "AWS::SQS::QueuePolicy", "Queues", "sqs:*");
        boolean isNet = template.resources("AWS::SQS::Queue").values().stream()
                .anyMatch(other -> deadLetters(other).equals("!GetAtt " + name + ".Arn"));
        if (isNet) {
            expect(name, queue, "1209600", "Properties", "MessageRetentionPeriod");
            return;
        }
        require(!deadLetters(queue).isEmpty(), name, "has no dead-letter queue");
    }

    private static String deadLetters(Object queue) {
        return at(queue, "Properties", "RedrivePolicy", "deadLetterTargetArn") instanceof String arn ? arn : "";
    }

    private void function(String name, Object function) {
        require(
                at(function, "Properties", "Role").equals("!GetAtt " + name.replace("Function", "Role") + ".Arn"),
                name,
                "has no role of its own");
        require(
                at(function, "Properties", "LoggingConfig", "LogGroup")
                        .equals("!Ref " + name.replace("Function", "Logs")),
                name,
                "has no log group of its own");
        map(at(function, "Properties", "Events")).values().stream()
                .filter(event -> "SQS".equals(at(event, "Type")))
                .forEach(event -> queueEvent(name, function, map(at(event, "Properties"))));
        if (!name.equals("MigrateFunction")) {
            expect(name, function, "Schema", "DependsOn");
        }
    }

    private void queueEvent(String name, Object function, Map<String, Object> event) {
        String queue = String.valueOf(event.get("Queue")).replaceAll("!GetAtt |\\.Arn", "");
        int visibility = number(template.at(queue, "Properties", "VisibilityTimeout"));
        require(
                at(event, "ScalingConfig", "MaximumConcurrency") instanceof String,
                name,
                "takes as many connections as there are messages");
        if (event.get("BatchSize").equals("1")) {
            return; // of exports, for whose failure somebody waits: RATIONALE.md
        }
        int timeout = number(
                at(function, "Properties", "Timeout") instanceof String own
                        ? own
                        : at(template.root(), "Globals", "Function", "Timeout"));
        int tries = number(template.at(queue, "Properties", "RedrivePolicy", "maxReceiveCount"));
        int kept = number(template.at(queue, "Properties", "MessageRetentionPeriod"));
        require(visibility >= SIX * timeout, name, "its queue gives messages again while it may still have them");
        require(
                (long) tries * visibility >= SIX * AN_HOUR,
                name,
                "an outage of an hour brings messages near the dead-letter queue");
        require((long) tries * visibility < kept, name, "messages expire before they reach the dead-letter queue");
        require(number(event.getOrDefault("MaximumBatchingWindowInSeconds", "0")) > 0, name, "has no batching window");
        require(
                list(event.getOrDefault("FunctionResponseTypes", List.of())).contains("ReportBatchItemFailures"),
                name,
                "one message fails its batch");
    }

    private static int number(Object text) {
        return text instanceof String digits && digits.matches("[0-9]+") ? Integer.parseInt(digits) : 0;
    }

    private void role(String name, Object role) {
        list(at(role, "Properties", "Policies")).forEach(policy -> allowed(name, at(policy, "PolicyDocument")));
        require(
                Set.of("!Ref FunctionPolicy").containsAll(list(at(role, "Properties", "ManagedPolicyArns"))),
                name,
                "has a policy that is not ours");
    }

    private void allowed(String name, Object policy) {
        Set<Object> sids = new HashSet<>();
        statements(policy).forEach(statement -> {
            String sid = String.valueOf(statement.get("Sid"));
            require(sids.add(sid), name, "has two statements " + sid);
            require(
                    list(at(statement, "Action")).stream()
                            .noneMatch(action -> action.toString().contains("*")),
                    name,
                    sid + " allows any action");
            boolean namesAll = list(at(statement, "Resource")).stream()
                    .anyMatch(resource -> resource.toString().matches("\\*|.*Arn}?/\\*"));
            require(!namesAll || MAY_NAME_ALL.contains(sid), name, sid + " allows it of everything");
        });
    }

    private void logGroup(String name, Object group) {
        expect(name, group, "!Ref LogDays", "Properties", "RetentionInDays");
        expect(name, group, "!GetAtt Key.Arn", "Properties", "KmsKeyId");
    }

    private void key(String name, Object key) {
        retained(name, key);
        expect(name, key, "true", "Properties", "EnableKeyRotation");
    }

    private void api(String name, Object api) {
        expect(name, api, "Jwt", "Properties", "Auth", "DefaultAuthorizer");
        for (String limit : List.of("ThrottlingRateLimit", "ThrottlingBurstLimit")) {
            require(number(at(api, "Properties", "DefaultRouteSettings", limit)) > 0, name, "has no " + limit);
        }
        require(
                String.valueOf(at(api, "Properties", "AccessLogSettings", "Format"))
                        .contains("$context.routeKey"),
                name,
                "writes no access log by route");
    }

    private void cluster(String name, Object cluster) {
        retained(name, cluster);
        expect(name, cluster, "true", "Properties", "StorageEncrypted");
        expect(name, cluster, "!Ref KeyArn", "Properties", "KmsKeyId");
        expect(name, cluster, "true", "Properties", "DeletionProtection");
        expect(name, cluster, "true", "Properties", "EnableIAMDatabaseAuthentication");
        expect(name, cluster, "iam-db-auth", "Properties", "MasterUserAuthenticationType");
        require(
                number(at(cluster, "Properties", "BackupRetentionPeriod")) >= 7,
                name,
                "has backups of less than a week");
    }

    private void distribution(String name, Object distribution) {
        Object behavior = at(distribution, "Properties", "DistributionConfig", "DefaultCacheBehavior");
        require(
                List.of("https-only", "redirect-to-https").contains(at(behavior, "ViewerProtocolPolicy")),
                name,
                "gives without TLS");
        boolean isOfBucket = list(at(distribution, "Properties", "DistributionConfig", "Origins")).stream()
                .anyMatch(origin -> map(origin).containsKey("S3OriginConfig"));
        require(
                !isOfBucket || !list(at(behavior, "TrustedKeyGroups")).isEmpty(),
                name,
                "gives the bucket's objects to whoever asks");
    }

    /** What may be done through it is said in the roles. */
    private void endpoint(String name, Object endpoint) {
        List<Map<String, Object>> statements =
                statements(at(endpoint, "Properties", "PolicyDocument")).toList();
        require(!statements.isEmpty(), name, "leads anywhere");
        statements.forEach(statement -> require(
                !list(at(statement, "Resource")).contains("*"),
                name,
                statement.get("Sid") + " allows it of everything"));
    }
}
