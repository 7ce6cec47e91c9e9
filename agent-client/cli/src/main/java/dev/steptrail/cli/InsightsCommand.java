package dev.steptrail.cli;

import dev.steptrail.cli.api.Listing;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "insights",
        description = "Show insights from your runs by task, newest first; for admins, those of all owners.")
final class InsightsCommand extends ApiCommand {
    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only those of this kind: expectation, flaky, regression, shorter_path, left_usual_path,"
                    + " slow_step, failures_alike, failures_on_screen or frequent_sequence.")
    private @Nullable String kind;

    @Option(names = "--task-text", paramLabel = "TEXT", description = "Only those of tasks with this instruction.")
    private @Nullable String taskText;

    @Option(names = "--owner", paramLabel = "OWNER", description = "For admins: only those of this owner.")
    private @Nullable String owner;

    @Option(names = "--limit", paramLabel = "N", description = "The maximum number (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Override
    public Integer call() throws IOException {
        requireOneOf(
                "--kind",
                kind,
                "expectation",
                "flaky",
                "regression",
                "shorter_path",
                "left_usual_path",
                "slow_step",
                "failures_alike",
                "failures_on_screen",
                "frequent_sequence");
        Listing insights = new Listing("/api/insights", "insights")
                .with("kind", kind)
                .with("task_text", taskText)
                .with("owner", owner)
                .atMost(limit);
        InsightFormatter text = new InsightFormatter();
        show(insights, text::lines);
        if (!json() && text.isEmpty()) {
            boolean enough = api().send(
                            "GET",
                            insights.with("cursor", null).with("limit", 1).address(),
                            null)
                    .path("enough_runs")
                    .asBoolean();
            println(enough ? "(nothing was found)" : "(not enough runs yet: of a task five or more must have ended)");
        }
        return 0;
    }
}
