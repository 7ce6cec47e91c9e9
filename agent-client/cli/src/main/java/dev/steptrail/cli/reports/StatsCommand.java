package dev.steptrail.cli.reports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.tasks.OriginFilters;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "stats",
        description = {
            "Show statistics of tasks and steps: pass rates, tokens and cost, by day or by another group.",
            "Admins see the statistics of all owners. docs/insights.md describes the groups and the fields."
        },
        footer = {
            "  steptrail stats",
            "  steptrail stats --group-by model --since 2026-05-01 --until 2026-05-31",
            "  steptrail stats --group-by metadata.app_version --agent Open-AutoGLM"
        })
public final class StatsCommand extends ApiCommand {
    private static final String METADATA = "metadata.";
    private static final String GROUPINGS =
            "day, agent, model, device_id, step_type, action, tag, instruction, verdict, experiment, " + METADATA
                    + "KEY";
    private static final int MAX_GROUP_LENGTH = 200;
    private static final int MAX_TYPE_LENGTH = 100;
    private static final int MAX_LENGTH = 80;

    @Option(
            names = "--group-by",
            paramLabel = "GROUP",
            defaultValue = "day",
            description = "One of " + GROUPINGS + " (default: ${DEFAULT-VALUE}).")
    private String groupBy;

    @Option(
            names = "--since",
            paramLabel = "DATE",
            description = "First UTC day, such as 2026-05-01 (default: 30 days are counted).")
    private @Nullable LocalDate since;

    @Option(names = "--until", paramLabel = "DATE", description = "Last UTC day (default: today).")
    private @Nullable LocalDate until;

    @Mixin
    private final OriginFilters filters = new OriginFilters();

    @Option(names = "--type", paramLabel = "TYPE", description = "Only steps of this type. Tasks are then not counted.")
    private @Nullable String type;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Only tasks of this owner (for admins).")
    private @Nullable String owner;

    @Override
    public Integer call() throws IOException {
        if (!groupBy.startsWith(METADATA)) {
            requireOneOf("--group-by", groupBy, GROUPINGS);
        }
        requireText("--group-by", groupBy, MAX_GROUP_LENGTH);
        requireText("--type", type, MAX_TYPE_LENGTH);
        String path = filters.applyTo(new ApiQuery("/api/stats", "stats"), MAX_LENGTH, this)
                .withParameter("group_by", groupBy)
                .withParameter("since", since)
                .withParameter("until", until)
                .withParameter("type", type)
                .withParameter("owner", owner)
                .pathAndQuery();
        JsonNode response = api().send("GET", path, null);
        if (json()) {
            print(response.toPrettyString());
            return 0;
        }
        List<JsonNode> groups = response.path("stats").valueStream().toList();
        if (groups.isEmpty()) {
            println((isReadFromTasks()
                            ? "(no tasks from %s to %s)"
                            : "(no statistics from %s to %s: they are updated hourly, so the newest tasks are missing)")
                    .formatted(
                            response.path("since").asText(),
                            response.path("until").asText()));
            return 0;
        }
        Table table = new Table(zone())
                .fields("tasks")
                .passRates()
                .fields("disagreements")
                .field("STEPS", "total_steps")
                .usage()
                .column(
                        groupBy.toUpperCase(Locale.ROOT).replace('_', ' '),
                        group -> TextFormat.line(group.path(groupBy)));
        table.lines(groups).forEach(this::println);
        checkPrinted();
        return 0;
    }

    /** The other groups are computed hourly. */
    private boolean isReadFromTasks() {
        return groupBy.equals("tag") || groupBy.equals("verdict") || groupBy.startsWith(METADATA);
    }
}
