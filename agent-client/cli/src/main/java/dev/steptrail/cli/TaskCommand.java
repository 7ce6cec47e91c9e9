package dev.steptrail.cli;

import java.util.UUID;
import picocli.CommandLine.Parameters;

/** A command that reads one task. */
abstract class TaskCommand extends ApiCommand {
    @Parameters(paramLabel = "TASK", description = "The task's id, as tasks shows it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private UUID task;

    final UUID task() {
        return task;
    }

    final String path(String route) {
        return "/api/tasks/" + task + route;
    }
}
