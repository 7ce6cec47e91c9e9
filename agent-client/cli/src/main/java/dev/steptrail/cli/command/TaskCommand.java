package dev.steptrail.cli.command;

import java.util.UUID;
import picocli.CommandLine.Parameters;

/** A command that reads one task. */
public abstract class TaskCommand extends ApiCommand {
    public static final String EXAMPLE_ID = "0190163d-8694-739b-aea5-966c26f8ad91";

    public static final String TASK = "Task id, as printed by steptrail tasks.";

    @Parameters(paramLabel = "TASK", description = TASK)
    private UUID task;

    protected final UUID task() {
        return task;
    }

    protected final String path(String route) {
        return "/api/tasks/" + task + route;
    }
}
