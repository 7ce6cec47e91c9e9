package dev.steptrail.cli.reports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "insights",
        description = {
            "Show what tasks with the same instruction have in common, newest first.",
            "Admins see the insights of all owners. docs/insights.md describes the kinds."
        },
        footer = {"  steptrail insights --kind slow_step", "  steptrail insights --instruction \"Turn the volume up\""})
public final class InsightsCommand extends ApiCommand {
    private static final String KINDS = "expectation, flaky, regression, false_success, shorter_path, path_deviation,"
            + " slow_step, similar_failures, failures_on_screen, frequent_sequence";

    private static final int MAX_INSTRUCTION_LENGTH = 1024;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only insights of this kind: " + KINDS + ".")
    private @Nullable String kind;

    @Option(
            names = "--instruction",
            paramLabel = "TEXT",
            description = "Only insights from tasks with this instruction.")
    private @Nullable String instruction;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Only insights of this owner (for admins).")
    private @Nullable String owner;

    @Option(names = "--limit", paramLabel = "N", description = "Maximum number of insights (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Override
    public Integer call() throws IOException {
        requireOneOf("--kind", kind, KINDS);
        requireText("--instruction", instruction, MAX_INSTRUCTION_LENGTH);
        ApiQuery insights = new ApiQuery("/api/insights", "insights")
                .withParameter("kind", kind)
                .withParameter("instruction", instruction)
                .withParameter("owner", owner)
                .limit(limit);
        InsightFormatter formatter = new InsightFormatter();
        printList(insights, formatter::lines);
        if (!json() && formatter.isEmpty()) {
            JsonNode empty = api().send(
                            "GET",
                            insights.withParameter("cursor", null)
                                    .withParameter("limit", 1)
                                    .pathAndQuery(),
                            null);
            println(describe(empty));
        }
        return 0;
    }

    private static String describe(JsonNode empty) {
        if (empty.path("enough_tasks").asBoolean()) {
            return "(no insights)";
        }
        return empty.path("updated_at").isNull()
                ? "(no insights yet: maintenance computes them and has not run yet)"
                : "(no insights yet: they need at least five ended tasks with the same instruction)";
    }
}
