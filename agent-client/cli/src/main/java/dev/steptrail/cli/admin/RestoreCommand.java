package dev.steptrail.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.command.TaskCommand;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = "Restore archived tasks, without their screenshots (for admins).",
        exitCodeList = "1:at least one task was not restored",
        footer = "  steptrail restore " + TaskCommand.EXAMPLE_ID)
public final class RestoreCommand extends ApiCommand {
    @Parameters(arity = "1..*", paramLabel = "TASK", description = "Ids of the tasks.")
    private List<String> tasks;

    @Option(names = "--no-wait", description = NO_WAIT)
    private boolean noWait;

    @Override
    public Integer call() throws IOException {
        return runJobs(
                tasks,
                noWait,
                (api, task) -> api.send("POST", "/api/admin/restore", object().put("task_id", task)),
                this::printRestored);
    }

    private boolean printRestored(String task, JsonNode restored) {
        int screenshots = restored.path("screenshots").asInt();
        print(
                restored,
                task + "  restored, " + restored.path("status").asText() + ": "
                        + TextFormat.count(restored.path("steps").asLong(), "step")
                        + (screenshots == 0
                                ? ""
                                : "; " + TextFormat.count(screenshots, "screenshot") + " not restored"));
        return true;
    }
}
