package dev.steptrail.localcloud.template;

import static dev.steptrail.localcloud.template.TemplateYaml.at;
import static dev.steptrail.localcloud.template.TemplateYaml.list;
import static dev.steptrail.localcloud.template.TemplateYaml.map;

import dev.steptrail.localcloud.template.Template.Bucket;
import dev.steptrail.localcloud.template.Template.CustomResource;
import dev.steptrail.localcloud.template.Template.Function;
import dev.steptrail.localcloud.template.Template.Function.QueueEvent;
import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import dev.steptrail.localcloud.template.Template.Queue;
import dev.steptrail.localcloud.template.Template.Queue.Redrive;
import dev.steptrail.localcloud.template.Template.Route;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SAM template. Resolves only the properties that matter locally.
 *
 * <p>Ignores {@link #CLOUD_ONLY_TYPES}, which have no local counterpart, and reads only some properties of the other
 * types. A type that is not listed here is an error, so that the local cloud does not silently ignore a service. The
 * names and values of properties are checked by cfn-lint and the tests of the template.
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

    /** The outputs that clients need. */
    private static final List<String> OUTPUTS = List.of("ApiUrl", "BucketName", "QueueUrl");

    private static final Pattern RATE = Pattern.compile("rate\\(([1-9][0-9]{0,8}) (minute|hour|day)(s?)\\)");

    private final Map<String, Object> template;
    private final References references;
    private final IntrinsicResolver resolver;
    private final List<Queue> queues = new ArrayList<>();
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<Function> functions = new ArrayList<>();
    private final List<CustomResource> customResources = new ArrayList<>();
    private final List<HttpApi> apis = new ArrayList<>();

    /** The properties of a resource or an event. Each is resolved when it is read. */
    private record Properties(String where, Map<String, Object> values, IntrinsicResolver resolver) {
        /** Returns the value; null if it is not set. */
        @Nullable
        Object find(String name) {
            return resolver.resolve(values.get(name), where + "." + name);
        }

        String text(String name) {
            Object value = find(name);
            if (value == null) {
                throw new TemplateException(where + ": " + name + " is missing");
            }
            return value.toString();
        }

        int number(String name, int defaultValue) {
            Object value = find(name);
            try {
                return value == null ? defaultValue : Integer.parseInt(value.toString());
            } catch (NumberFormatException e) {
                throw new TemplateException(where + "." + name + ": must be an integer, but is " + value);
            }
        }

        Duration seconds(String name, int defaultValue) {
            return Duration.ofSeconds(number(name, defaultValue));
        }

        /** Returns the values of a list; an empty list if it is not set. */
        List<String> texts(String name) {
            Object value = find(name);
            return value == null
                    ? List.of()
                    : list(value).stream().map(String::valueOf).toList();
        }
    }

    private TemplateReader(Map<String, Object> template, DeploymentContext context) {
        this.template = template;
        this.references = new References(context);
        this.resolver = new IntrinsicResolver(references.values(), map(template.get("Conditions")));
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
        map(template.get("Parameters")).forEach((name, definition) -> references.addParameter(name, map(definition)));
        Map<String, Object> resources = new LinkedHashMap<>(map(template.get("Resources")));
        resources
                .entrySet()
                .removeIf(entry -> map(entry.getValue()).get("Condition") instanceof String condition
                        && !resolver.isMet(condition, entry.getKey()));
        resources.forEach((id, resource) -> {
            boolean isFifo = "true".equals(at(resource, "Properties", "FifoQueue"));
            references.addResource(id, type(resource), isFifo ? Queue.FIFO_SUFFIX : "");
        });
        resources.forEach((id, resource) -> {
            if (type(resource).equals(PARAMETER_TYPE)) {
                references.addParameterValue(id, properties(id, resource).text("Value"));
            }
        });
        resources.forEach((id, resource) -> readResource(id, type(resource), properties(id, resource)));
        Map<String, String> functionIds =
                functions.stream().collect(Collectors.toMap(Function::aliasArn, Function::id));
        List<Route> routes =
                apis.stream().flatMap(api -> api.routes(functionIds).stream()).toList();
        return new Template(queues, buckets, functions, customResources, routes, outputs());
    }

    private static String type(Object resource) {
        return at(resource, "Type").toString();
    }

    private Properties properties(String where, Object resource) {
        return new Properties(where, map(at(resource, "Properties")), resolver);
    }

    private void readResource(String id, String type, Properties properties) {
        switch (type) {
            case "AWS::SQS::Queue" -> queues.add(queue(id, properties));
            case "AWS::S3::Bucket" -> buckets.add(bucket(id, properties));
            case "AWS::Serverless::Function" -> functions.add(function(id, properties));
            case "AWS::Serverless::HttpApi" -> apis.add(new HttpApi(map(properties.find("DefinitionBody"))));
            default -> {
                if (type.startsWith("Custom::")) {
                    customResources.add(new CustomResource(id, properties.text("ServiceToken")));
                } else if (!type.equals(PARAMETER_TYPE) && !CLOUD_ONLY_TYPES.contains(type)) {
                    throw new TemplateException(id + ": the local cloud does not support the type " + type);
                }
            }
        }
    }

    private Queue queue(String id, Properties properties) {
        Properties redrive = new Properties(id + ".RedrivePolicy", map(properties.find("RedrivePolicy")), resolver);
        return new Queue(
                value(id + ".QueueName"),
                value(id + ".Arn"),
                properties.seconds("VisibilityTimeout", 30),
                redrive.values().isEmpty()
                        ? null
                        : new Redrive(redrive.text("deadLetterTargetArn"), redrive.number("maxReceiveCount", 10)));
    }

    private Bucket bucket(String id, Properties properties) {
        List<Object> rules = list(at(properties.find("CorsConfiguration"), "CorsRules"));
        if (rules.size() > 1) {
            throw new TemplateException(
                    id + ".CorsConfiguration: the local cloud supports only one CORS rule per bucket");
        }
        if (rules.isEmpty()) {
            return new Bucket(value(id), null);
        }
        Properties rule = new Properties(id + ".CorsConfiguration", map(rules.get(0)), resolver);
        return new Bucket(
                value(id),
                new Bucket.Cors(
                        rule.texts("AllowedOrigins"),
                        rule.texts("AllowedMethods"),
                        rule.texts("AllowedHeaders"),
                        rule.texts("ExposedHeaders")));
    }

    private Function function(String id, Properties ownProperties) {
        Map<String, Object> globals = map(at(template, "Globals", "Function"));
        Properties properties = new Properties(id, merge(globals, ownProperties.values()), resolver);
        List<QueueEvent> queueEvents = new ArrayList<>();
        List<ScheduledEvent> scheduledEvents = new ArrayList<>();
        map(properties.values().get("Events")).forEach((name, event) -> {
            Properties source = properties(id + ".Events." + name, event);
            switch (type(event)) {
                case "SQS" -> queueEvents.add(queueEvent(source));
                case "Schedule" -> {
                    Object input = source.find("Input");
                    scheduledEvents.add(
                            new ScheduledEvent(rate(source.text("Schedule")), input == null ? "{}" : input.toString()));
                }
                default ->
                    throw new TemplateException(
                            source.where() + ": the local cloud does not support the event type " + type(event));
            }
        });
        Map<String, String> environment = new LinkedHashMap<>();
        map(at(properties.find("Environment"), "Variables"))
                .forEach((name, value) -> environment.put(name, value.toString()));
        return new Function(
                id,
                value(id),
                value(id + ".Arn"),
                properties.text("Handler"),
                properties.seconds("Timeout", 3),
                properties.number("MemorySize", 128),
                properties.find("ReservedConcurrentExecutions") == null
                        ? null
                        : properties.number("ReservedConcurrentExecutions", 0),
                environment,
                queueEvents,
                scheduledEvents);
    }

    private static QueueEvent queueEvent(Properties event) {
        return new QueueEvent(
                event.text("Queue"),
                event.number("BatchSize", 10),
                event.seconds("MaximumBatchingWindowInSeconds", 0),
                event.texts("FunctionResponseTypes").contains("ReportBatchItemFailures"));
    }

    /** Parses a rate expression. EventBridge rejects {@code 1 hours} and {@code 2 hour}. */
    private static Duration rate(String expression) {
        Matcher form = RATE.matcher(expression);
        if (!form.matches() || form.group(1).equals("1") != form.group(3).isEmpty()) {
            throw new TemplateException(
                    "a schedule must be like rate(1 hour) or rate(5 minutes), but is " + expression);
        }
        ChronoUnit unit = ChronoUnit.valueOf(form.group(2).toUpperCase(Locale.ROOT) + "S");
        return Duration.of(Long.parseLong(form.group(1)), unit);
    }

    private String value(String reference) {
        return resolver.reference(reference, reference);
    }

    private Map<String, String> outputs() {
        Map<String, String> outputs = new LinkedHashMap<>();
        for (String name : OUTPUTS) {
            Map<String, Object> output = map(at(template, "Outputs", name));
            Object value = resolver.resolve(output.get("Value"), "Outputs." + name);
            if (value != null) {
                outputs.put(name, value.toString());
            }
        }
        return outputs;
    }

    /**
     * Merges properties as SAM does, except for lists: merges maps, and replaces other values and intrinsic functions.
     */
    private static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> overrides) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        overrides.forEach((key, value) -> merged.merge(
                key,
                value,
                (lower, upper) -> IntrinsicResolver.isCall(lower)
                                || IntrinsicResolver.isCall(upper)
                                || !(lower instanceof Map && upper instanceof Map)
                        ? upper
                        : merge(map(lower), map(upper))));
        return merged;
    }
}
