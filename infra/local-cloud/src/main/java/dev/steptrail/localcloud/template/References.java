package dev.steptrail.localcloud.template;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of {@code Ref} and {@code Fn::GetAtt}: parameters, pseudo parameters, and names and ARNs of resources. */
final class References {
    /** A server on this machine needs no TLS, so a pattern that requires https accepts http for it. */
    private static final Pattern LOOPBACK_HTTP =
            Pattern.compile("^http://(?=(localhost|127\\.0\\.0\\.1)(:[0-9]+)?(/|$))");

    private final DeploymentContext context;
    private final Map<String, String> values = new HashMap<>();

    /** A parameter's default and constraints. */
    @JsonIgnoreProperties({"Type", "Description", "NoEcho"})
    record Parameter(
            @JsonProperty("Default") @Nullable String defaultValue,
            @Nullable String allowedPattern,
            int minLength,
            List<String> allowedValues,
            @Nullable BigDecimal minValue,
            @Nullable BigDecimal maxValue) {

        /** Checks a value as CloudFormation does. */
        void check(String name, String value) {
            require(allowedPattern == null || value.matches(allowedPattern), name, "must match " + allowedPattern);
            require(value.length() >= minLength, name, "must have at least " + minLength + " characters");
            require(
                    allowedValues.isEmpty() || allowedValues.contains(value),
                    name,
                    "must be one of " + String.join(", ", allowedValues));
            if (minValue != null || maxValue != null) {
                BigDecimal number = number(name, value);
                require(minValue == null || number.compareTo(minValue) >= 0, name, "must be at least " + minValue);
                require(maxValue == null || number.compareTo(maxValue) <= 0, name, "must be at most " + maxValue);
            }
        }

        private static BigDecimal number(String name, String value) {
            try {
                return new BigDecimal(value);
            } catch (NumberFormatException e) {
                throw new TemplateException(name + ": must be a number");
            }
        }

        private static void require(boolean condition, String name, String message) {
            if (!condition) {
                throw new TemplateException(name + ": " + message);
            }
        }
    }

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

    void addParameter(String name, Parameter parameter) {
        String value = context.parameters().getOrDefault(name, parameter.defaultValue());
        if (value == null) {
            throw new TemplateException(
                    name + ": the parameter has no default; set it with --parameter " + name + "=VALUE");
        }
        parameter.check(name, LOOPBACK_HTTP.matcher(value).replaceFirst("https://"));
        values.put(name, value);
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
            case "AWS::S3::Bucket" -> {
                String bucket = name.toLowerCase(Locale.ROOT);
                values.put(id, bucket);
                values.put(id + ".Arn", "arn:aws:s3:::" + bucket);
            }
            case "AWS::Serverless::Function" -> {
                String arn = context.arn("lambda", "function:" + name);
                values.put(id, name);
                values.put(id + ".Arn", arn);
                values.put(id + ".Version", arn + ":1"); // the local cloud has one version
                values.put(id + ".Alias", arn + ":live");
            }
            case "AWS::Serverless::HttpApi" -> {
                values.put(id, id);
                values.put(id + ".ApiId", id);
                values.put(id + ".ApiEndpoint", context.apiUrl());
            }
            default -> {} // no local resource refers to it
        }
    }
}
