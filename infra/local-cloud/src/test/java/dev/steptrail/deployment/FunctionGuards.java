package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static dev.steptrail.deployment.TemplateTree.map;
import static dev.steptrail.deployment.TemplateTree.statements;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Checks that functions have least privilege, are monitored, and are rolled back after a failed release. */
final class FunctionGuards extends GuardSet {
    /** As Lambda recommends, so that a message is not redelivered while a function still processes it. */
    private static final int TIMEOUTS_IN_VISIBILITY = 6;

    /** Six times the longest outage that must not lose messages. */
    private static final int MIN_SECONDS_OF_TRIES = 6 * 3600;

    /** Sids whose actions need the resource {@code *}: they support no resources, or only future ones. */
    private static final Set<String> WILDCARD_SIDS = Set.of("Trace", "ManageVpcInterfaces");

    /** Functions that CloudFormation invokes, which must not retry a failure that was reported to it. */
    private static final Set<String> CREATES_RESOURCES = Set.of("MigrateFunction", "SignInClientFunction");

    /** Functions whose failures are visible immediately, so an alarm rolls back their releases. */
    private static final Set<String> ROLLED_BACK = Set.of("IngestFunction", "ApiFunction");

    FunctionGuards(TemplateTree template, List<String> missing) {
        super(template, missing);
    }

    @Override
    void check() {
        Map<String, Map<String, Object>> functions = template.resources("AWS::Serverless::Function");
        functions.forEach(this::function);
        if (!functions.isEmpty()) {
            globals(at(template.root(), "Globals", "Function"));
        }
        template.resources("AWS::IAM::Role").forEach(this::role);
        template.resources("AWS::IAM::ManagedPolicy")
                .forEach((name, policy) -> allowed(name, at(policy, "Properties", "PolicyDocument")));
        template.resources("AWS::Serverless::HttpApi").forEach(this::api);
    }

    private void globals(Object globals) {
        expect("Globals", globals, choice("Standard", "Active", "PassThrough"), "Tracing");
        expect("Globals", globals, "live", "AutoPublishAlias");
        expect("Globals", globals, KEY, "KmsKeyArn");
        expect("Globals", globals, "JSON", "LoggingConfig", "LogFormat");
    }

    /** Checks that each rollback alarm exists, and fires after a few failures within two minutes. */
    private void rollbackAlarms(String name, Object function) {
        List<Object> choice = list(at(function, "Properties", "DeploymentPreference", "Alarms", "!If"));
        List<Object> alarms = choice.size() == 3 ? list(choice.get(1)) : List.of();
        require(alarms.size() >= 2, name, "has fewer than two rollback alarms");
        expect(
                name,
                function,
                choice("Standard", "Canary10Percent5Minutes", "AllAtOnce"),
                "Properties",
                "DeploymentPreference",
                "Type");
        for (Object alarm : alarms) {
            String id = String.valueOf(alarm).replace("!Ref ", "");
            Object properties = template.at(id, "Properties");
            int threshold = number(at(properties, "Threshold"));
            require(threshold >= 1 && threshold <= 10, id, "Threshold is not from 1 to 10");
            expect(id, properties, "GreaterThanOrEqualToThreshold", "ComparisonOperator");
            expect(id, properties, "60", "Period");
        }
    }

    /** Checks SnapStart, and the daily schedule that prevents deactivation of the version after 14 idle days. */
    private void snapshot(String name, Object function) {
        expect(name, function, "!Ref SnapStart", "Properties", "SnapStart", "ApplyOn");
        expect("Parameters", template.root(), "PublishedVersions", "Parameters", "SnapStart", "Default");
        require(
                map(at(function, "Properties", "Events")).values().stream()
                        .anyMatch(event -> "Schedule".equals(at(event, "Type"))
                                && "rate(1 day)".equals(at(event, "Properties", "Schedule"))),
                name,
                "has no daily schedule that keeps its snapshot active");
    }

    private void function(String name, Object function) {
        require(
                at(function, "Properties", "Role").equals("!GetAtt " + name.replace("Function", "Role") + ".Arn"),
                name,
                "has no dedicated role");
        require(
                at(function, "Properties", "LoggingConfig", "LogGroup")
                        .equals("!Ref " + name.replace("Function", "Logs")),
                name,
                "has no dedicated log group");
        map(at(function, "Properties", "Events")).values().stream()
                .filter(event -> "SQS".equals(at(event, "Type")))
                .forEach(event -> queueEvent(name, function, map(at(event, "Properties"))));
        expect(name, function, "!Ref ReleaseDigest", "Properties", "AutoPublishCodeSha256");
        if (CREATES_RESOURCES.contains(name)) {
            expect(name, function, "0", "Properties", "EventInvokeConfig", "MaximumRetryAttempts");
        } else {
            expect(name, function, "Schema", "DependsOn");
        }
        if (ROLLED_BACK.contains(name)) {
            rollbackAlarms(name, function);
            snapshot(name, function);
        }
        if (name.equals("MigrateFunction")) {
            for (String limit : List.of("IngestConcurrency", "ApiConnections")) {
                require(
                        map(at(function, "Properties", "Environment", "Variables"))
                                .containsValue("!Ref " + limit),
                        name,
                        "does not get " + limit + ", so a login can use all database connections");
            }
        }
    }

    private void queueEvent(String name, Object function, Map<String, Object> event) {
        String queue = String.valueOf(event.get("Queue")).replaceAll("!GetAtt |\\.Arn", "");
        int visibility = number(template.at(queue, "Properties", "VisibilityTimeout"));
        require(
                at(event, "ScalingConfig", "MaximumConcurrency") instanceof String,
                name,
                "has no maximum concurrency, so it can use all database connections");
        if (event.get("BatchSize").equals("1")) {
            return; // a failed export is reported, not retried for a day: docs/decisions/export-queue.md
        }
        int timeout = number(
                at(function, "Properties", "Timeout") instanceof String own
                        ? own
                        : at(template.root(), "Globals", "Function", "Timeout"));
        int tries = number(template.at(queue, "Properties", "RedrivePolicy", "maxReceiveCount"));
        int kept = number(template.at(queue, "Properties", "MessageRetentionPeriod"));
        require(
                visibility >= TIMEOUTS_IN_VISIBILITY * timeout,
                name,
                "the queue may redeliver messages during processing");
        require(
                (long) tries * visibility >= MIN_SECONDS_OF_TRIES,
                name,
                "an outage of an hour may move messages to the dead-letter queue");
        require((long) tries * visibility < kept, name, "messages expire before they reach the dead-letter queue");
        require(number(event.getOrDefault("MaximumBatchingWindowInSeconds", "0")) > 0, name, "has no batching window");
        require(
                list(event.getOrDefault("FunctionResponseTypes", List.of())).contains("ReportBatchItemFailures"),
                name,
                "a failed message fails its batch");
    }

    private void role(String name, Object role) {
        list(at(role, "Properties", "Policies")).forEach(policy -> allowed(name, at(policy, "PolicyDocument")));
        require(
                Set.of("!Ref FunctionPolicy").containsAll(list(at(role, "Properties", "ManagedPolicyArns"))),
                name,
                "has a policy from outside the stack");
    }

    private void allowed(String name, Object policy) {
        Set<Object> sids = new HashSet<>();
        statements(policy).forEach(statement -> {
            String sid = String.valueOf(statement.get("Sid"));
            require(sids.add(sid), name, "has two statements with the Sid " + sid);
            List<Object> actions = list(at(statement, "Action"));
            if ("Deny".equals(statement.get("Effect"))) {
                return;
            }
            require(
                    !actions.contains("ec2:DeleteNetworkInterface") || isDeniedToCode(policy, actions),
                    name,
                    sid + " lets the functions' code change network interfaces of the account");
            require(
                    actions.stream().noneMatch(action -> action.toString().contains("*")),
                    name,
                    sid + " allows actions by wildcard");
            boolean usesWildcard = list(at(statement, "Resource")).stream()
                    .anyMatch(resource -> resource.toString().matches("\\*|.*(Arn|BucketName.Value)}?/\\*"));
            require(!usesWildcard || WILDCARD_SIDS.contains(sid), name, sid + " allows all resources");
        });
    }

    /**
     * Returns whether the policy denies the actions to the code of functions, while Lambda itself may use them.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html">Security best practices</a>
     */
    private static boolean isDeniedToCode(Object policy, List<Object> actions) {
        return statements(policy)
                .filter(statement -> "Deny".equals(statement.get("Effect")))
                .filter(statement -> list(at(statement, "Resource")).equals(List.of("*")))
                .filter(statement -> String.valueOf(at(statement, "Condition", "ArnLike", "lambda:SourceFunctionArn"))
                        .endsWith(":function:*"))
                .anyMatch(statement -> list(at(statement, "Action")).containsAll(actions));
    }

    private void api(String name, Object api) {
        Set<String> keys = new HashSet<>();
        Set<String> openKeys = new HashSet<>();
        map(at(api, "Properties", "DefinitionBody", "paths"))
                .forEach((path, operations) -> map(operations).forEach((method, operation) -> {
                    String key = path.equals("/$default") ? "$default" : method.toUpperCase(Locale.ROOT) + " " + path;
                    keys.add(key);
                    boolean open =
                            !path.startsWith("/api/") || path.startsWith("/api/shared/") || path.equals("/api/sign-in");
                    if (open) {
                        openKeys.add(key);
                    }
                    require(open || !list(at(operation, "security")).isEmpty(), name, key + " requires no token");
                }));
        require(keys.contains("GET /api/tasks"), name, "has no routes");
        Map<String, Object> throttled = map(at(api, "Properties", "RouteSettings"));
        require(
                keys.containsAll(throttled.keySet()),
                name,
                "has settings for routes that do not exist, which fails the deployment");
        openKeys.removeAll(throttled.keySet());
        require(openKeys.isEmpty(), name, "does not throttle routes without a token: " + openKeys);
        for (String limit : List.of("ThrottlingRateLimit", "ThrottlingBurstLimit")) {
            require(number(at(api, "Properties", "DefaultRouteSettings", limit)) > 0, name, "has no " + limit);
        }
        require(
                String.valueOf(at(api, "Properties", "AccessLogSettings", "Format"))
                        .contains("$context.routeKey"),
                name,
                "writes no access log with the route");
    }
}
