package dev.steptrail.localcloud.template;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The values of {@code Ref} and {@code Fn::GetAtt}: parameters, pseudo parameters, and names and ARNs of resources. */
final class References {
    /** A server on this machine needs no TLS, so a pattern that requires https accepts http for it. */
    private static final Pattern LOOPBACK_HTTP =
            Pattern.compile("^http://(?=(localhost|127\\.0\\.0\\.1)(:[0-9]+)?(/|$))");

    private final DeploymentContext context;
    private final Map<String, String> values = new HashMap<>();

    References(DeploymentContext context) {
        this.context = context;
        values.put("AWS::Region", context.region());
        values.put("AWS::AccountId", context.account());
        values.put("AWS::Partition", "aws");
        values.put("AWS::StackName", context.stack());
        values.put("AWS::URLSuffix", "amazonaws.com");
    }

    /** Returns a live view, which also contains values that are added later. */
    Map<String, String> values() {
        return values;
    }

    /** @param definition the parameter's default and constraints */
    void addParameter(String name, Map<String, Object> definition) {
        Object value = context.parameters().get(name);
        if (value == null) {
            value = definition.get("Default");
        }
        if (value == null) {
            throw new TemplateException(
                    name + ": the parameter has no default; set it with --parameter " + name + "=VALUE");
        }
        check(name, definition, LOOPBACK_HTTP.matcher(value.toString()).replaceFirst("https://"));
        values.put(name, value.toString());
    }

    /** Checks a parameter's value as CloudFormation does. */
    private static void check(String name, Map<String, Object> definition, String value) {
        Object pattern = definition.getOrDefault("AllowedPattern", "(?s).*");
        require(value.matches(pattern.toString()), name, "must match " + pattern);
        List<?> allowed = definition.get("AllowedValues") instanceof List<?> list ? list : List.of(value);
        require(allowed.contains(value), name, "must be one of " + allowed);
        Object length = definition.getOrDefault("MinLength", "0");
        require(
                value.length() >= number(name, length).intValue(),
                name,
                "must have at least " + length + " characters");
        if ("Number".equals(definition.get("Type"))) {
            BigDecimal number = number(name, value);
            BigDecimal min = number(name, definition.getOrDefault("MinValue", value));
            BigDecimal max = number(name, definition.getOrDefault("MaxValue", value));
            require(number.compareTo(min) >= 0, name, "must be at least " + min);
            require(number.compareTo(max) <= 0, name, "must be at most " + max);
        }
    }

    private static BigDecimal number(String name, Object value) {
        try {
            return new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            throw new TemplateException(name + ": must be a number");
        }
    }

    private static void require(boolean condition, String name, String message) {
        if (!condition) {
            throw new TemplateException(name + ": " + message);
        }
    }

    /** Adds the value of an SSM parameter that the template defines. */
    void addParameterValue(String id, String value) {
        values.put(id + ".Value", value);
    }

    /** @param suffix is appended to the name: {@code .fifo} for FIFO queues, empty for other resources */
    void addResource(String id, String type, String suffix) {
        String name = context.stack() + "-" + id + suffix;
        switch (type) {
            case "AWS::SQS::Queue" -> {
                values.put(id, context.queueUrl() + "/" + name);
                values.put(id + ".QueueName", name);
                values.put(id + ".Arn", context.arn("sqs", name));
            }
            case "AWS::S3::Bucket" -> values.put(id, name.toLowerCase(Locale.ROOT));
            case "AWS::Serverless::Function" -> {
                String arn = context.arn("lambda", "function:" + name);
                values.put(id, name);
                values.put(id + ".Arn", arn);
                values.put(id + ".Alias", arn + ":live");
            }
            case "AWS::Serverless::HttpApi" -> values.put(id + ".ApiEndpoint", context.apiUrl());
            default -> {} // no local resource refers to it
        }
    }
}
