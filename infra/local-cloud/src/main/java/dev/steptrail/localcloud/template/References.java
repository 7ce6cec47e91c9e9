package dev.steptrail.localcloud.template;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code Ref} and {@code Fn::GetAtt} give: pseudo parameters, parameters, and the resources' names and ARNs. */
final class References {
    private final DeploymentContext context;
    private final Map<String, String> all = new HashMap<>();

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

    void addParameters(YamlMapping parameters) {
        parameters.mappings().forEach((name, parameter) -> {
            String value = context.parameters().getOrDefault(name, parameter.optionalText("Default"));
            if (value == null) {
                throw new TemplateException(
                        "Parameters: " + name + " has no default, and the local cloud has no value for it");
            }
            check(name, value, parameter);
            all.put(name, value);
        });
    }

    /** Checks a parameter's constraints as CloudFormation does. */
    private static void check(String name, String value, YamlMapping parameter) {
        String pattern = parameter.optionalText("AllowedPattern");
        if (pattern != null && !value.matches(pattern)) {
            throw new TemplateException(name + ": must match " + pattern);
        }
        String minLength = parameter.optionalText("MinLength");
        if (minLength != null && value.length() < Integer.parseInt(minLength)) {
            throw new TemplateException(name + ": must have at least " + minLength + " characters");
        }
        List<String> allowed = parameter.texts("AllowedValues");
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            throw new TemplateException(name + ": must be one of " + String.join(", ", allowed));
        }
        checkRange(name, value, parameter.optionalText("MinValue"), parameter.optionalText("MaxValue"));
        parameter.cloudOnly("Type", "Description", "NoEcho", "Default");
        parameter.done();
    }

    private static void checkRange(String name, String value, @Nullable String least, @Nullable String most) {
        if (least == null && most == null) {
            return;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(value);
        } catch (NumberFormatException e) {
            throw new TemplateException(name + ": must be a number");
        }
        if (least != null && number.compareTo(new BigDecimal(least)) < 0) {
            throw new TemplateException(name + ": must be " + least + " at least");
        }
        if (most != null && number.compareTo(new BigDecimal(most)) > 0) {
            throw new TemplateException(name + ": must be " + most + " at most");
        }
    }

    /** @param suffix of the name that CloudFormation gives it */
    void addResource(String id, String type, String suffix) {
        String name = context.stack() + "-" + id + suffix;
        switch (type) {
            case "AWS::SQS::Queue" ->
                add(id, context.queueUrl() + "/" + name, name, context.arn("sqs", name), "QueueName");
            case "AWS::S3::Bucket" -> {
                String bucket = name.toLowerCase(Locale.ROOT);
                add(id, bucket, bucket, "arn:aws:s3:::" + bucket, "BucketName");
            }
            case "AWS::Serverless::Function" -> {
                String arn = context.arn("lambda", "function:" + name);
                add(id, name, name, arn, "FunctionName");
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

    private void add(String id, String reference, String name, String arn, String nameAttribute) {
        all.put(id, reference);
        all.put(id + "." + nameAttribute, name);
        all.put(id + ".Arn", arn);
    }

    /** Returns the value of a reference that must exist, such as {@code StepsQueue.Arn}. */
    String get(String name) {
        return Objects.requireNonNull(all.get(name), name);
    }
}
