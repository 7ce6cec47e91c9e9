package dev.steptrail.localcloud.template;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SAM template.
 *
 * <p>Types without a local counterpart are listed here, properties beside the reading of their resource; both are ignored. Everything
 * else that is unknown is an error, so that a local cloud never runs a part of a template.
 *
 * @see <a href="https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html">
 *     AWS SAM specification</a>
 */
public final class TemplateReader {
    private static final Set<String> CLOUD_ONLY = Set.of(
            "AWS::CloudWatch::Alarm",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::Role",
            "AWS::KMS::Alias",
            "AWS::KMS::Key",
            "AWS::Lambda::Permission",
            "AWS::Logs::LogGroup",
            "AWS::S3::BucketPolicy",
            "AWS::SQS::QueuePolicy",
            "AWS::Serverless::Application");

    private final YamlMapping template;
    private final Map<String, Object> functionGlobals;
    private final IntrinsicResolver values;
    private final References references;
    private final List<Queue> queues = new ArrayList<>();
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<Function> functions = new ArrayList<>();
    private final List<CustomResource> customResources = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<YamlMapping> apis = new ArrayList<>();

    private TemplateReader(Map<String, Object> tree, DeploymentContext context) {
        references = new References(context);
        values = new IntrinsicResolver(references.all(), map(tree, "Conditions"));
        template = new YamlMapping("template", tree, values);
        functionGlobals = map(map(tree, "Globals"), "Function");
    }

    /**
     * Reads a template file.
     *
     * @throws TemplateException if the template needs something that the local cloud does not support
     * @throws IOException when the file cannot be read
     */
    public static Template read(Path file, DeploymentContext context) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            return read(text, context);
        } catch (TemplateException e) {
            throw new TemplateException(file + ": " + e.getMessage());
        }
    }

    /**
     * Returns the names of a template's parameters.
     *
     * @throws IOException when the file cannot be read
     */
    public static Set<String> parameters(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            return map(TemplateYaml.read(text), "Parameters").keySet();
        }
    }

    static Template read(Reader text, DeploymentContext context) {
        return new TemplateReader(TemplateYaml.read(text), context).read();
    }

    private Template read() {
        template.cloudOnly("AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Rules", "Conditions");
        readGlobals();
        references.addParameters(template.mapping("Parameters"));
        Map<String, YamlMapping> resources = present(template.mapping("Resources"));
        resources.forEach((id, resource) -> references.addResource(id, resource.text("Type"), suffix(resource)));
        resources.forEach(this::readResource);
        apis.forEach(api -> routes.addAll(HttpApi.routes(api, this::functionOf)));
        functions.forEach(this::checkQueueEvents);
        Map<String, String> outputs = outputs(template.mapping("Outputs"));
        template.done();
        return new Template(queues, buckets, functions, customResources, routes, outputs);
    }

    private void readGlobals() {
        YamlMapping globals = template.mapping("Globals");
        globals.mapping("Function");
        globals.done();
    }

    private Map<String, YamlMapping> present(YamlMapping resources) {
        Map<String, YamlMapping> present = new LinkedHashMap<>();
        resources.mappings().forEach((id, resource) -> {
            String condition = resource.optionalText("Condition");
            if (condition == null || values.condition(condition, id)) {
                present.put(id, resource);
            }
        });
        return present;
    }

    private static String suffix(YamlMapping resource) {
        return Boolean.parseBoolean(resource.mapping("Properties").text("FifoQueue", "false")) ? Queue.FIFO : "";
    }

    private void readResource(String id, YamlMapping resource) {
        resource.cloudOnly("DependsOn", "DeletionPolicy", "Metadata", "UpdateReplacePolicy");
        String type = resource.text("Type");
        if (CLOUD_ONLY.contains(type)) {
            return;
        }
        YamlMapping properties = resource.mapping("Properties");
        if (CustomResource.isOne(type)) {
            customResources.add(CustomResource.read(id, type, properties));
            return;
        }
        switch (type) {
            case "AWS::SQS::Queue" -> queues.add(queue(id, properties));
            case "AWS::S3::Bucket" -> buckets.add(Bucket.read(references.get(id + ".BucketName"), properties));
            case "AWS::Serverless::Function" -> readFunction(id, resource);
            case "AWS::Serverless::HttpApi" -> apis.add(properties); // names functions, so it is read after them
            default -> throw new TemplateException(id + ": the local cloud does not know the type " + type);
        }
        resource.done();
    }

    private Queue queue(String id, YamlMapping properties) {
        YamlMapping redrive = properties.mapping("RedrivePolicy");
        String deadLetterArn = redrive.optionalText("deadLetterTargetArn");
        Queue queue = new Queue(
                references.get(id + ".QueueName"),
                references.get(id + ".Arn"),
                Duration.ofSeconds(properties.number("VisibilityTimeout", 30)),
                deadLetterArn == null ? null : new Queue.Redrive(deadLetterArn, redrive.number("maxReceiveCount", 10)));
        redrive.done();
        properties.optionalText("FifoQueue"); // its name tells it
        properties.cloudOnly(
                "KmsDataKeyReusePeriodSeconds",
                "KmsMasterKeyId",
                "MessageRetentionPeriod",
                "SqsManagedSseEnabled",
                "Tags");
        properties.done();
        return queue;
    }

    private void readFunction(String id, YamlMapping resource) {
        YamlMapping properties = resource.merged("Properties", functionGlobals);
        functions.add(new FunctionReader(id, references).read(properties));
    }

    /** The id of the function whose alias an integration's URI names; null if there is none. */
    private @Nullable String functionOf(String uri) {
        return functions.stream()
                .map(Function::id)
                .filter(id -> uri.contains(":lambda:path/2015-03-31/functions/" + references.get(id + ".Alias") + "/"))
                .findFirst()
                .orElse(null);
    }

    /** Rejects event sources that Lambda would reject. */
    private void checkQueueEvents(Function function) {
        for (Function.QueueEvent event : function.queueEvents()) {
            Queue queue = queues.stream()
                    .filter(candidate -> candidate.arn().equals(event.queueArn()))
                    .findFirst()
                    .orElseThrow(() -> new TemplateException(
                            function.id() + ": its queue is not in the template: " + event.queueArn()));
            if (queue.visibilityTimeout().compareTo(function.timeout()) < 0) {
                throw new TemplateException(
                        function.id() + ": its Timeout is longer than the VisibilityTimeout of " + queue.name());
            }
            if (event.batchSize() > 10 && event.window().isZero()) {
                throw new TemplateException(
                        function.id() + ": a BatchSize over 10 wants a MaximumBatchingWindowInSeconds");
            }
        }
    }

    private static Map<String, String> outputs(YamlMapping outputs) {
        Map<String, String> known = new LinkedHashMap<>();
        outputs.mappings().forEach((name, output) -> {
            String value = valueIfLocal(output);
            if (value != null) {
                known.put(name, value);
            }
        });
        return known;
    }

    private static @Nullable String valueIfLocal(YamlMapping output) {
        try {
            return output.text("Value");
        } catch (CloudOnlyException e) {
            return null; // such as the ARN of a policy
        }
    }

    private static Map<String, Object> map(Map<String, Object> tree, String key) {
        return tree.get(key) instanceof Map<?, ?> map ? YamlMapping.cast(map) : Map.of();
    }
}
