package dev.steptrail.localcloud.template;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.steptrail.localcloud.template.Template.Bucket;
import dev.steptrail.localcloud.template.Template.CustomResource;
import dev.steptrail.localcloud.template.Template.Function;
import dev.steptrail.localcloud.template.Template.Function.QueueEvent;
import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import dev.steptrail.localcloud.template.Template.Queue;
import dev.steptrail.localcloud.template.Template.Route;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SAM template.
 *
 * <p>Ignores {@link #CLOUD_ONLY_TYPES} and the properties in the records' {@link JsonIgnoreProperties}, which have no
 * local counterpart. Any other unknown type or property is an error, so that the local cloud does not silently
 * ignore a part of a template.
 *
 * @see <a href="https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html">
 *     AWS SAM specification</a>
 */
public final class TemplateReader {
    private static final Set<String> CLOUD_ONLY_TYPES = Set.of(
            "AWS::CloudWatch::Alarm",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::Role",
            "AWS::Lambda::Permission",
            "AWS::Logs::LogGroup",
            "AWS::S3::BucketPolicy",
            "AWS::SQS::QueuePolicy",
            "AWS::Serverless::Application");

    /** The template uses these parameters only to name a resource that it creates or adopts; nothing reads them. */
    private static final String PARAMETER_TYPE = "AWS::SSM::Parameter";

    private static final Map<String, Object> QUEUE_DEFAULTS = Map.of("VisibilityTimeout", "30");
    private static final Map<String, Object> FUNCTION_DEFAULTS = Map.of("Timeout", "3", "MemorySize", "128");
    private static final Map<String, Object> QUEUE_EVENT_DEFAULTS =
            Map.of("BatchSize", "10", "MaximumBatchingWindowInSeconds", "0");

    private final Sections template;
    private final References references;
    private final IntrinsicResolver resolver;
    private final PropertyBinder binder;
    private final List<Queue> queues = new ArrayList<>();
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<Function> functions = new ArrayList<>();
    private final List<CustomResource> customResources = new ArrayList<>();
    private final List<HttpApi> apis = new ArrayList<>();

    /** The sections of a template, not yet resolved. */
    @JsonIgnoreProperties({"AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Rules"})
    record Sections(
            Map<String, References.Parameter> parameters,
            Map<String, Object> conditions,
            @Nullable Globals globals,
            Map<String, Resource> resources,
            Map<String, Map<String, Object>> outputs) {}

    record Globals(Map<String, Object> function) {}

    @JsonIgnoreProperties({"DependsOn", "DeletionPolicy", "Metadata", "UpdateReplacePolicy"})
    record Resource(
            @JsonProperty(required = true) String type,
            @Nullable String condition,
            Map<String, Object> properties) {}

    @JsonIgnoreProperties({
        "PublicAccessBlockConfiguration",
        "OwnershipControls",
        "BucketEncryption",
        "LifecycleConfiguration",
        "Tags"
    })
    record BucketProperties(@Nullable CorsConfiguration corsConfiguration) {}

    record CorsConfiguration(List<Bucket.Cors> corsRules) {}

    @JsonIgnoreProperties({
        "Architectures",
        "AutoPublishAlias",
        "AutoPublishCodeSha256",
        "CodeUri",
        "DeploymentPreference",
        "Description",
        "EphemeralStorage",
        "EventInvokeConfig",
        "KmsKeyArn",
        "LoggingConfig",
        "Policies",
        "Role",
        "SnapStart",
        "Tags",
        "Tracing",
        "VpcConfig"
    })
    record FunctionProperties(
            @JsonProperty(required = true) String runtime,
            @JsonProperty(required = true) String handler,
            Duration timeout,
            int memorySize,
            @Nullable Integer reservedConcurrentExecutions,
            @Nullable Environment environment,
            Map<String, Event> events) {}

    record Environment(Map<String, String> variables) {}

    record Event(@JsonProperty(required = true) String type, Map<String, Object> properties) {}

    @JsonIgnoreProperties({"Name", "Description", "DeadLetterConfig", "RetryPolicy"})
    record ScheduleEvent(
            @JsonProperty(required = true) String schedule,
            @Nullable String input,
            @Nullable Boolean enabled) {}

    private TemplateReader(Map<String, Object> tree, DeploymentContext context) {
        template = PropertyBinder.bindAsIs("template", tree, Sections.class);
        references = new References(context);
        resolver = new IntrinsicResolver(references.values(), template.conditions());
        binder = new PropertyBinder(resolver);
    }

    /**
     * Reads a template file.
     *
     * @throws TemplateException if the template is invalid or contains something that the local cloud does not support
     * @throws IOException if the file cannot be read
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
     * @throws IOException if the file cannot be read
     */
    public static Set<String> parameters(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            return map(TemplateYaml.parse(text).get("Parameters")).keySet();
        }
    }

    static Template read(Reader text, DeploymentContext context) {
        return new TemplateReader(TemplateYaml.parse(text), context).read();
    }

    private Template read() {
        template.parameters().forEach(references::addParameter);
        Map<String, Resource> resources = new LinkedHashMap<>(template.resources());
        resources
                .entrySet()
                .removeIf(entry -> entry.getValue().condition() != null
                        && !resolver.isMet(entry.getValue().condition(), entry.getKey()));
        resources.forEach((id, resource) -> {
            boolean isFifo =
                    "true".equals(resolver.resolve(resource.properties().get("FifoQueue"), id));
            references.addResource(id, resource.type(), isFifo ? Queue.FIFO_SUFFIX : "");
        });
        resources.forEach((id, resource) -> {
            if (resource.type().equals(PARAMETER_TYPE)) {
                references.addParameterValue(
                        id,
                        String.valueOf(resolver.resolve(resource.properties().get("Value"), id + ".Value")));
            }
        });
        resources.forEach(this::readResource);
        functions.forEach(this::checkQueueEvents);
        Map<String, String> functionIds =
                functions.stream().map(Function::id).collect(Collectors.toMap(id -> value(id + ".Alias"), id -> id));
        List<Route> routes =
                apis.stream().flatMap(api -> api.routes(functionIds).stream()).toList();
        return new Template(queues, buckets, functions, customResources, routes, outputs());
    }

    private void readResource(String id, Resource resource) {
        String where = "template.Resources." + id + ".Properties";
        Map<String, Object> properties = resource.properties();
        String type = resource.type();
        switch (type) {
            case "AWS::SQS::Queue" -> {
                Map<String, Object> names = Map.of("Name", value(id + ".QueueName"), "Arn", value(id + ".Arn"));
                queues.add(binder.bind(where, merge(merge(QUEUE_DEFAULTS, properties), names), Queue.class));
            }
            case "AWS::S3::Bucket" -> buckets.add(bucket(id, where, properties));
            case "AWS::Serverless::Function" -> functions.add(function(id, where, properties));
            case "AWS::Serverless::HttpApi" -> apis.add(binder.bind(where, properties, HttpApi.class));
            default -> {
                if (type.startsWith("Custom::") || type.equals("AWS::CloudFormation::CustomResource")) {
                    customResources.add(customResource(id, type, where, properties));
                } else if (!type.equals(PARAMETER_TYPE) && !CLOUD_ONLY_TYPES.contains(type)) {
                    throw new TemplateException(id + ": the local cloud does not support the type " + type);
                }
            }
        }
    }

    private Bucket bucket(String id, String where, Map<String, Object> properties) {
        CorsConfiguration cors =
                binder.bind(where, properties, BucketProperties.class).corsConfiguration();
        List<Bucket.Cors> rules = cors == null ? List.of() : cors.corsRules();
        if (rules.size() > 1) {
            throw new TemplateException(
                    where + ".CorsConfiguration: the local cloud supports only one CORS rule per bucket");
        }
        return new Bucket(value(id), rules.isEmpty() ? null : rules.get(0));
    }

    private CustomResource customResource(String id, String type, String where, Map<String, Object> properties) {
        Map<String, String> resolved = new LinkedHashMap<>();
        map(resolver.resolve(properties, where)).forEach((name, value) -> resolved.put(name, value.toString()));
        String function = resolved.get("ServiceToken");
        if (function == null) {
            throw new TemplateException(where + ": ServiceToken is missing");
        }
        Duration timeout = Duration.ofSeconds(Long.parseLong(resolved.getOrDefault("ServiceTimeout", "3600")));
        return new CustomResource(id, type, function, timeout, resolved);
    }

    private Function function(String id, String where, Map<String, Object> ownProperties) {
        Map<String, Object> globals =
                template.globals() == null ? Map.of() : template.globals().function();
        FunctionProperties properties =
                binder.bind(where, merge(merge(FUNCTION_DEFAULTS, globals), ownProperties), FunctionProperties.class);
        if (!properties.runtime().startsWith("java")) {
            throw new TemplateException(
                    id + ": the local cloud supports only Java runtimes, not " + properties.runtime());
        }
        List<QueueEvent> queueEvents = new ArrayList<>();
        List<ScheduledEvent> scheduledEvents = new ArrayList<>();
        properties.events().forEach((name, event) -> {
            String eventWhere = where + ".Events." + name;
            switch (event.type()) {
                case "SQS" ->
                    queueEvents.add(
                            binder.bind(eventWhere, merge(QUEUE_EVENT_DEFAULTS, event.properties()), QueueEvent.class));
                case "Schedule" -> {
                    ScheduleEvent schedule = binder.bind(eventWhere, event.properties(), ScheduleEvent.class);
                    Schedule times = Schedule.parse(schedule.schedule());
                    if (!Boolean.FALSE.equals(schedule.enabled())) {
                        scheduledEvents.add(new ScheduledEvent(times, schedule.input()));
                    }
                }
                default ->
                    throw new TemplateException(
                            eventWhere + ": the local cloud does not support the event type " + event.type());
            }
        });
        return new Function(
                id,
                value(id),
                value(id + ".Arn"),
                properties.handler().replaceFirst("::handleRequest$", ""),
                properties.timeout(),
                properties.memorySize(),
                properties.reservedConcurrentExecutions(),
                properties.environment() == null
                        ? Map.of()
                        : properties.environment().variables(),
                queueEvents,
                scheduledEvents);
    }

    private String value(String reference) {
        return resolver.reference(reference, reference);
    }

    /** Rejects queue events that Lambda would reject. */
    private void checkQueueEvents(Function function) {
        for (QueueEvent event : function.queueEvents()) {
            Queue queue = queues.stream()
                    .filter(candidate -> candidate.arn().equals(event.queueArn()))
                    .findFirst()
                    .orElseThrow(() -> new TemplateException(
                            function.id() + ": the queue of an event is not in the template: " + event.queueArn()));
            if (queue.visibilityTimeout().compareTo(function.timeout()) < 0) {
                throw new TemplateException(
                        function.id() + ": Timeout exceeds the VisibilityTimeout of the queue " + queue.name());
            }
            if (event.batchSize() > 10 && event.window().isZero()) {
                throw new TemplateException(
                        function.id() + ": a BatchSize over 10 requires MaximumBatchingWindowInSeconds");
            }
        }
    }

    /** Returns the outputs, without those that exist only in AWS. */
    private Map<String, String> outputs() {
        Map<String, String> outputs = new LinkedHashMap<>();
        template.outputs().forEach((name, output) -> {
            if (output.get("Condition") instanceof String condition && !resolver.isMet(condition, "Outputs." + name)) {
                return;
            }
            try {
                Object value = resolver.resolve(output.get("Value"), "template.Outputs." + name + ".Value");
                if (value != null) {
                    outputs.put(name, value.toString());
                }
            } catch (IntrinsicResolver.CloudOnlyException e) {
                // exists only in AWS, such as the ARN of a policy
            }
        });
        return outputs;
    }

    /** Merges properties as SAM does: merges maps, appends lists, and replaces other values and intrinsic functions. */
    private static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> overrides) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        overrides.forEach((key, value) -> merged.merge(key, value, (lower, upper) -> {
            if (IntrinsicResolver.isCall(lower) || IntrinsicResolver.isCall(upper)) {
                return upper;
            }
            if (lower instanceof Map<?, ?> && upper instanceof Map<?, ?>) {
                return merge(map(lower), map(upper));
            }
            return lower instanceof List<?> first && upper instanceof List<?> second
                    ? Stream.concat(first.stream(), second.stream()).toList()
                    : upper;
        }));
        return merged;
    }

    @SuppressWarnings("unchecked") // every map of a template is keyed by text
    private static Map<String, Object> map(@Nullable Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
