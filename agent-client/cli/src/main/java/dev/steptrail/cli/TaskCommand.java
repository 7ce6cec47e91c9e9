package dev.steptrail.cli;

import java.util.UUID;
import picocli.CommandLine.Parameters;

/** A command that reads one task. */
abstract class TaskCommand extends ApiCommand {
    static final String EXAMPLE_ID = "0190163d-8694-739b-aea5-966c26f8ad91";

    static final String TASK = "Task id, as printed by steptrail tasks.";

    @Parameters(paramLabel = "TASK", description = TASK)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private UUID task;

    final UUID task() {
        return task;
    }

    final String path(String route) {
        return "/api/tasks/" + task + route;
    }
}
