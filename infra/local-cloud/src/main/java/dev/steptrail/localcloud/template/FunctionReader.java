package dev.steptrail.localcloud.template;

import dev.steptrail.localcloud.template.Function.QueueEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads a function with the queues and schedules that invoke it. */
final class FunctionReader {
    private final String id;
    private final References references;
    private final List<QueueEvent> queueEvents = new ArrayList<>();
    private final List<Schedule> schedules = new ArrayList<>();

    FunctionReader(String id, References references) {
        this.id = id;
        this.references = references;
    }

    Function read(YamlMapping properties) {
        properties.mapping("Events").mappings().values().forEach(this::readEvent);
        YamlMapping environment = properties.mapping("Environment");
        Function function = new Function(
                id,
                references.get(id + ".FunctionName"),
                references.get(id + ".Arn"),
                handler(properties),
                Duration.ofSeconds(properties.number("Timeout", 3)),
                properties.number("MemorySize", 128),
                environment.mapping("Variables").textMap(),
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

    private String handler(YamlMapping properties) {
        String runtime = properties.text("Runtime");
        if (!runtime.startsWith("java")) {
            throw new TemplateException(id + ": the local cloud runs functions in Java, not in " + runtime);
        }
        String handler = properties.text("Handler");
        return handler.endsWith("::handleRequest")
                ? handler.substring(0, handler.length() - "::handleRequest".length())
                : handler;
    }

    private void readEvent(YamlMapping event) {
        String type = event.text("Type");
        YamlMapping properties = event.mapping("Properties");
        switch (type) {
            case "SQS" -> queueEvents.add(queueEvent(properties));
            case "Schedule" -> readSchedule(properties);
            default ->
                throw new TemplateException(event.where() + ": the local cloud does not know the event type " + type);
        }
        properties.done();
        event.done();
    }

    private static QueueEvent queueEvent(YamlMapping properties) {
        properties.cloudOnly("ScalingConfig"); // one poller is within every bound
        return new QueueEvent(
                properties.text("Queue"),
                properties.number("BatchSize", 10),
                Duration.ofSeconds(properties.number("MaximumBatchingWindowInSeconds", 0)),
                properties.texts("FunctionResponseTypes").contains("ReportBatchItemFailures"));
    }

    private void readSchedule(YamlMapping properties) {
        properties.cloudOnly("Name", "Description", "DeadLetterConfig", "Input", "RetryPolicy");
        Schedule schedule = Schedule.parse(properties.text("Schedule"));
        if (Boolean.parseBoolean(properties.text("Enabled", "true"))) {
            schedules.add(schedule);
        }
    }
}
