package dev.steptrail.localcloud.template;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of {@code Ref} and {@code Fn::GetAtt}: (pseudo) parameters, and resource names and ARNs. */
final class References {
    private final DeploymentContext context;
    private final Map<String, String> all = new HashMap<>();

    /** A parameter's default and constraints. */
    @JsonIgnoreProperties({"Type", "Description", "NoEcho"})
    record Parameter(
            @JsonProperty("Default") @Nullable String usual,
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
                require(minValue == null || number.compareTo(minValue) >= 0, name, "must be " + minValue + " at least");
                require(maxValue == null || number.compareTo(maxValue) <= 0, name, "must be " + maxValue + " at most");
            }
        }

        private static BigDecimal number(String name, String value) {
            try {
                return new BigDecimal(value);
            } catch (NumberFormatException e) {
                throw new TemplateException(name + ": must be a number");
            }
        }

        private static void require(boolean holds, String name, String message) {
            if (!holds) {
                throw new TemplateException(name + ": " + message);
            }
        }
    }

    References(DeploymentContext context) {
        this.context = context;
        all.put("AWS::Region", context.region());
        all.put("AWS::AccountId", context.account());
        all.put("AWS::Partition", "aws");
        all.put("AWS::StackName", context.stack());
        all.put("AWS::URLSuffix", "amazonaws.com");
    }

    /** Returns a view that includes parameters and resources added later. */
    Map<String, String> all() {
        return all;
    }

    void addParameter(String name, Parameter parameter) {
        String value = context.parameters().getOrDefault(name, parameter.usual());
        if (value == null) {
            throw new TemplateException(
                    "Parameters: " + name + " has no default, and the local cloud has no value for it");
        }
        parameter.check(name, value);
        all.put(name, value);
    }

    /** @param suffix of the name that CloudFormation gives it */
    void addResource(String id, String type, String suffix) {
        String name = context.stack() + "-" + id + suffix;
        switch (type) {
            case "AWS::SQS::Queue" -> {
                all.put(id, context.queueUrl() + "/" + name);
                all.put(id + ".QueueName", name);
                all.put(id + ".Arn", context.arn("sqs", name));
            }
            case "AWS::S3::Bucket" -> {
                String bucket = name.toLowerCase(Locale.ROOT);
                all.put(id, bucket);
                all.put(id + ".Arn", "arn:aws:s3:::" + bucket);
            }
            case "AWS::Serverless::Function" -> {
                String arn = context.arn("lambda", "function:" + name);
                all.put(id, name);
                all.put(id + ".Arn", arn);
                all.put(id + ".Version", arn + ":1"); // the local cloud has one version
                all.put(id + ".Alias", arn + ":live");
            }
            case "AWS::Serverless::HttpApi" -> {
                all.put(id, id);
                all.put(id + ".ApiId", id);
                all.put(id + ".ApiEndpoint", context.apiUrl());
            }
            default -> {} // nothing refers to it locally
        }
    }
}
