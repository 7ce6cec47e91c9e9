package dev.steptrail.cli.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "tasks",
        description = "List tasks, newest first. Admins see the tasks of all owners.",
        footer = {
            "  steptrail tasks --status failed --since 2026-05-14T00:00:00+08:00",
            "  steptrail tasks --text weather --limit 10 --json",
            "  steptrail tasks --tag nightly --verdict fail --metadata build=1.10"
        })
public final class TasksCommand extends ApiCommand {
    @Mixin
    private final TaskFilters filters = new TaskFilters();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Maximum number of tasks (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--usage", description = "Also print tokens and cost, which JSON always contains.")
    private boolean usage;

    @Override
    public Integer call() throws IOException {
        Table table = new Table(zone())
                .fields("task_id")
                .time("STARTED", "started_at")
                .column("STATUS", TasksCommand::status)
                .column("VERDICT", TasksCommand::verdict)
                .field("STEPS", "total_steps")
                .field("OK", "successful_steps")
                .field("FAILED", "failed_steps");
        if (usage) {
            table.usage();
        }
        table.column("NAME", task -> TextFormat.line(task.path("name"), task.path("description")));
        return printList(
                filters.applyTo(new ApiQuery("/api/tasks", "tasks"), this).limit(limit), table::lines);
    }

    /** Formats the verdict that counts, with the agent's claim if it differs; {@code -} if there is none. */
    static String verdict(JsonNode task) {
        String verdict = TextFormat.text(task.path("verdict"));
        JsonNode claimed = task.path("claimed_success");
        boolean isDecided = verdict.equals("pass") || verdict.equals("fail");
        return isDecided && claimed.isBoolean() && claimed.asBoolean() != verdict.equals("pass")
                ? verdict + (claimed.asBoolean() ? " (claimed success)" : " (claimed failure)")
                : verdict;
    }

    /**
     * Formats the status, with the end reason if it adds information. The end reason {@code ended_without_finish} adds
     * none if the task has a message.
     */
    private static String status(JsonNode task) {
        String status = task.path("status").asText();
        String endReason = task.path("end_reason").asText("");
        boolean messageGivesReason =
                endReason.equals("ended_without_finish") && task.path("message").isTextual();
        boolean addsInformation = task.path("end_reason").isTextual()
                && !endReason.equals(status)
                && !endReason.equals("finished")
                && !messageGivesReason;
        return addsInformation ? status + " (" + endReason + ")" : status;
    }
}
