package dev.steptrail.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.Api;
import dev.steptrail.cli.command.ApiCommand;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "jobs",
        description = "Show jobs: changes of many tasks and, for admins, retries of rejected messages and restores of"
                + " tasks.",
        footer = "  steptrail jobs show " + JobsCommand.EXAMPLE_ID)
public final class JobsCommand extends ApiCommand {
    static final String EXAMPLE_ID = "019cb8a4-2c4e-7a10-9f3b-5d1c0e7a6b21";

    @Command(
            name = "show",
            description =
                    "Show a job with its state, and its result or error. Jobs are deleted 30 days after they ended.",
            exitCodeList = "1:failure, or the job failed",
            footer = "  steptrail jobs show " + EXAMPLE_ID)
    int show(
            @Parameters(paramLabel = "ID", description = "Job id, as printed by the command that started the job.")
                    String id)
            throws IOException {
        JsonNode job = api().send("GET", "/api/jobs/" + Api.encode(id), null);
        printFields(job);
        return job.path("state").asText().equals("failed") ? 1 : 0;
    }
}
