package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code steptrail tasks}: what was recorded. */
@Command(name = "tasks", description = "List your tasks, newest first; as an admin, everybody's.")
final class TasksCommand extends ApiCommand {
    @Mixin
    private final TaskFilters filters = new TaskFilters();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException {
        checkLimit(limit);
        Listing tasks = filters.narrow(Listing.of("/api/tasks", "tasks")).atMost(limit);
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

    /** The status, with the ending if that adds something: a failure with a message did not merely stop. */
    static String status(JsonNode task) {
        String status = task.path("status").asText();
        String ending = task.path("ending").asText("");
        boolean gaveReason =
                ending.equals("ended_without_finish") && task.path("message").isTextual();
        boolean tellsMore =
                task.path("ending").isTextual() && !ending.equals(status) && !ending.equals("finished") && !gaveReason;
        return tellsMore ? status + " (" + ending + ")" : status;
    }
}
