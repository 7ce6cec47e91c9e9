package dev.steptrail.shipper.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.shipper.api.Listing;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code steptrail tasks}: what was recorded. */
@Command(
        name = "tasks",
        description = "List your tasks, newest first; as an admin, everybody's.",
        footer = {"", ApiCommand.SETTINGS})
final class TasksCommand extends ApiCommand {
    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those that are running, succeeded, failed, cancelled, abandoned or archived.")
    private @Nullable String status;

    @Option(names = "--agent", paramLabel = "AGENT", description = "Only those of this agent.")
    private @Nullable String agent;

    @Option(names = "--model", paramLabel = "MODEL", description = "Only those of this model.")
    private @Nullable String model;

    @Option(names = "--device", paramLabel = "DEVICE", description = "Only those on this device.")
    private @Nullable String device;

    @Option(names = "--since", paramLabel = "TIME", description = "Only those that began then or later.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only those that began before.")
    private @Nullable Instant until;

    @Option(names = "--text", paramLabel = "TEXT", description = "Only those whose name or description has this text.")
    private @Nullable String text;

    @Option(names = "--owner", paramLabel = "OWNER", description = "For admins: only those of this owner.")
    private @Nullable String owner;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException {
        checkLimit(limit);
        Listing tasks = Listing.of("/api/tasks", "tasks")
                .with("status", status)
                .with("agent", agent)
                .with("model", model)
                .with("device_id", device)
                .with("since", since)
                .with("until", until)
                .with("text", text)
                .with("owner", owner)
                .atMost(limit);
        Table table = new Table()
                .fields("task_id")
                .column("STARTED", task -> JsonCell.time(task.path("started_at")))
                .column("STATUS", TasksCommand::status)
                .column("STEPS", task -> JsonCell.of(task.path("total_steps")))
                .column("OK", task -> JsonCell.of(task.path("successful_steps")))
                .column("FAILED", task -> JsonCell.of(task.path("failed_steps")))
                .column("WHAT", task -> JsonCell.line(task.path("name"), task.path("description")));
        show(tasks, table);
        return 0;
    }

    /** With its ending, where that says more. */
    static String status(JsonNode task) {
        String status = task.path("status").asText();
        String ending = task.path("ending").asText("");
        boolean tellsMore = task.path("ending").isTextual() && !ending.equals(status) && !ending.equals("finished");
        return tellsMore ? status + " (" + ending + ")" : status;
    }
}
