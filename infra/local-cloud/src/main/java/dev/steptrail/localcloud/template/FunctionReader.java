package dev.steptrail.localcloud.template;

import dev.steptrail.localcloud.template.Function.QueueEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a function and what calls it: queues, schedules and routes. */
final class FunctionReader {
    private final String id;
    private final References references;
    private final Map<String, HttpApi> apis;
    private final List<QueueEvent> queueEvents = new ArrayList<>();
    private final List<Schedule> schedules = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();

    FunctionReader(String id, References references, Map<String, HttpApi> apis) {
        this.id = id;
        this.references = references;
        this.apis = apis;
    }

    List<Route> routes() {
        return routes;
    }

    Function read(Section properties) {
        properties.section("Events").sections().values().forEach(this::readEvent);
        Section environment = properties.section("Environment");
        Function function = new Function(
                id,
                references.get(id + ".FunctionName"),
                references.get(id + ".Arn"),
                handler(properties),
                Duration.ofSeconds(properties.number("Timeout", 3)),
                properties.number("MemorySize", 128),
                environment.section("Variables").textMap(),
                queueEvents,
                schedules);
        environment.done();
        properties.cloudOnly(
                "Architectures",
                "AutoPublishAlias",
                "CodeUri",
                "DeploymentPreference",
                "Description",
                "EphemeralStorage",
                "EventInvokeConfig",
                "KmsKeyArn",
                "LoggingConfig",
                "Policies",
                "ReservedConcurrentExecutions",
                "Role",
                "SnapStart",
                "Tags",
                "Tracing",
                "VpcConfig");
        properties.done();
        return function;
    }

    private String handler(Section properties) {
        String runtime = properties.text("Runtime");
        if (!runtime.startsWith("java")) {
            throw new TemplateException(id + ": the local cloud runs functions in Java, not in " + runtime);
        }
        String handler = properties.text("Handler");
        return handler.endsWith("::handleRequest")
                ? handler.substring(0, handler.length() - "::handleRequest".length())
                : handler;
    }

    private void readEvent(Section event) {
        String type = event.text("Type");
        Section properties = event.section("Properties");
        switch (type) {
            case "SQS" -> queueEvents.add(queueEvent(properties));
            case "Schedule" -> readSchedule(properties);
            case "HttpApi" -> routes.add(route(properties));
            default ->
                throw new TemplateException(event.where() + ": the local cloud does not know the event type " + type);
        }
        properties.done();
        event.done();
    }

    private static QueueEvent queueEvent(Section properties) {
        properties.cloudOnly("ScalingConfig"); // one poller is within every bound
        return new QueueEvent(
                properties.text("Queue"),
                properties.number("BatchSize", 10),
                Duration.ofSeconds(properties.number("MaximumBatchingWindowInSeconds", 0)),
                properties.texts("FunctionResponseTypes").contains("ReportBatchItemFailures"));
    }

    private void readSchedule(Section properties) {
        properties.cloudOnly("Name", "Description", "DeadLetterConfig", "RetryPolicy");
        Schedule schedule = Schedule.parse(properties.text("Schedule"));
        if (Boolean.parseBoolean(properties.text("Enabled", "true"))) {
            schedules.add(schedule);
        }
    }

    private Route route(Section properties) {
        HttpApi api = apis.get(properties.text("ApiId"));
        if (api == null) {
            throw new TemplateException(properties.where() + ": ApiId names no HTTP API of the template");
        }
        if (!properties.text("PayloadFormatVersion", "2.0").equals("2.0")) {
            throw new TemplateException(properties.where() + ": the local cloud knows payload format 2.0 only");
        }
        return new Route(
                properties.text("Method").toUpperCase(Locale.ROOT),
                properties.text("Path"),
                id,
                api.authorizerOf(properties.section("Auth")));
    }
}
