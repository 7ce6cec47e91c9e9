package dev.steptrail.cli;

import dev.steptrail.cli.api.ApiQuery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that filter tasks. A task must match all of them. */
final class TaskFilters {
    private static final String STATUSES = "running, succeeded, failed, cancelled, abandoned, archived";

    @Option(names = "--status", paramLabel = "STATUS", description = "Only tasks with this status: " + STATUSES + ".")
    private @Nullable String status;

    @Option(names = "--agent", paramLabel = "AGENT", description = "Only tasks of this agent.")
    private @Nullable String agent;

    @Option(names = "--model", paramLabel = "MODEL", description = "Only tasks of this model.")
    private @Nullable String model;

    @Option(names = "--device", paramLabel = "DEVICE", description = "Only tasks on this device.")
    private @Nullable String device;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only tasks that started at or after this time, such as 2026-05-14T09:41:00+08:00.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only tasks that started before this time.")
    private @Nullable Instant until;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "Only tasks whose name or description contains this text.")
    private @Nullable String text;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Only tasks of this owner (for admins).")
    private @Nullable String owner;

    ApiQuery applyTo(ApiQuery tasks, ApiCommand command) {
        command.requireOneOf("--status", status, STATUSES);
        return tasks.withParameter("status", status)
                .withParameter("agent", agent)
                .withParameter("model", model)
                .withParameter("device_id", device)
                .withParameter("since", since)
                .withParameter("until", until)
                .withParameter("text", text)
                .withParameter("owner", owner);
    }
}
