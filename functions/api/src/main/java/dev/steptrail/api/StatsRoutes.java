package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.insights.InstructionRules;
import dev.steptrail.insights.InstructionText;
import dev.steptrail.store.insights.InsightRepository;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.statistics.StatisticsQuery;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import dev.steptrail.store.statistics.TaskGroupQuery;
import dev.steptrail.store.statistics.TaskGroupQuery.TaskGrouping;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The routes that return statistics and insights, most of which maintenance computes. */
record StatsRoutes(
        InsightRepository insights,
        StatisticsQuery stats,
        TaskGroupQuery taskGroups,
        TaskRepository tasks,
        MaintenanceSchedule schedule,
        InstantSource clock) {
    static final Set<String> PARAMETERS =
            Set.of("group_by", "owner", "since", "until", "agent", "model", "device_id", "type", "recent");

    static final Set<String> INSIGHT_PARAMETERS = Set.of("limit", "cursor", "owner", "kind", "instruction");

    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("insights.desc");

    private static final List<String> GROUPINGS = List.of("day", "agent", "model", "device_id", "step_type", "action");
    private static final Map<String, TaskGrouping> TASK_GROUPINGS = Map.of(
            "tag", TaskGrouping.TAG,
            "instruction", TaskGrouping.INSTRUCTION,
            "verdict", TaskGrouping.VERDICT,
            "experiment", TaskGrouping.EXPERIMENT);
    private static final int MAX_GROUPING_LENGTH = 200;
    private static final int DEFAULT_DAYS = 30;
    private static final int MAX_DAYS = 366;
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1); // year 0 is not valid

    /** The times are null if the statistics are read from the tasks. */
    private record Stats(
            LocalDate since,
            LocalDate until,
            @JsonUnwrapped MaintenanceSchedule.Updates updates,
            List<Map<String, @Nullable Object>> stats) {}

    private record ModelTime(
            @Nullable Long totalMs, @JsonUnwrapped StatsGroup.Times times) {}

    /**
     * {@code GET /api/stats}: returns statistics of the caller's tasks and their steps, or of all tasks for an admin.
     * Grouped by {@code group_by}, default UTC days. Default range: the last 30 days. Groups by day, agent, model,
     * phone, type and action are updated hourly by maintenance; the others are read from the tasks.
     */
    Response getStats(Caller caller, Query query) {
        String requested = query.text("group_by", MAX_GROUPING_LENGTH);
        String grouping = requested == null ? GROUPINGS.get(0) : requested;
        LocalDate until = query.day("until", LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        LocalDate defaultSince = until.minusDays(DEFAULT_DAYS - 1);
        LocalDate since = query.day("since", defaultSince.isBefore(FIRST_DAY) ? FIRST_DAY : defaultSince);
        if (since.isAfter(until) || since.plusDays(MAX_DAYS - 1).isBefore(until)) {
            throw Problem.badRequest("since: since to until must be 1 to " + MAX_DAYS + " days, including both, but is "
                    + since + " to " + until + ".");
        }
        StatisticsQuery.Filter filter = new StatisticsQuery.Filter(
                caller.ownerFilter(query.name("owner")),
                since,
                until,
                query.text("agent", 80),
                query.text("model", 80),
                query.text("device_id", 80),
                query.text("type", 100));
        boolean withRecent = query.flag("recent");
        if (withRecent && GROUPINGS.contains(grouping)) {
            throw Problem.badRequest(
                    "recent: cannot be combined with group_by=" + grouping + ", which does not read the tasks.");
        }
        List<StatsGroup> groups = GROUPINGS.contains(grouping)
                ? stats.groups(filter, StatisticsQuery.Grouping.valueOf(grouping.toUpperCase(Locale.ROOT)))
                : taskGroups
                        .groups(filter, taskGrouping(grouping, filter), withRecent)
                        .orElseThrow(() -> new Problem(Kind.TOO_MANY_TASKS));
        return Response.json(new Stats(
                since,
                until,
                updates(grouping),
                groups.stream().map(group -> json(grouping, group)).toList()));
    }

    /** Returns when maintenance updates the groups. */
    private MaintenanceSchedule.Updates updates(String grouping) {
        if (GROUPINGS.contains(grouping)) {
            return schedule.updatesOf("rollup");
        }
        return grouping.equals("instruction") ? schedule.updatesOf("findings") : MaintenanceSchedule.Updates.NONE;
    }

    private TaskGrouping taskGrouping(String grouping, StatisticsQuery.Filter filter) {
        TaskGrouping known = TASK_GROUPINGS.get(grouping);
        if (known == null && (!grouping.startsWith(Facet.METADATA) || grouping.equals(Facet.METADATA))) {
            throw Problem.invalidValue(
                    "group_by",
                    "must be one of " + String.join(", ", GROUPINGS)
                            + ", tag, instruction, verdict, experiment, or metadata. and the path of a value, such as metadata.app_version",
                    grouping);
        }
        if (filter.type() != null) {
            throw Problem.badRequest("type: cannot be combined with group_by=" + grouping + ", which counts tasks.");
        }
        if (known != null) {
            return known;
        }
        String path = grouping.substring(Facet.METADATA.length());
        if (!tasks.hasFacet(filter.owner(), grouping)) {
            throw Problem.badRequest("group_by: no task has a value of " + grouping + ".");
        }
        return TaskGrouping.metadata(path);
    }

    /** Returns the fields of a group. A value that is unknown or does not apply is null. */
    private static Map<String, @Nullable Object> json(String grouping, StatsGroup group) {
        StatsGroup.Steps steps = group.steps();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put(grouping, group.key());
        json.put("total_steps", steps.total());
        json.put("successful_steps", steps.successful());
        json.put("failed_steps", steps.failed());
        json.put("total_duration_ms", steps.durationMs());
        json.put("step_duration", steps.durations());
        json.put("model_time", new ModelTime(steps.modelMs(), steps.modelTimes()));
        json.put("retries", steps.retries());
        json.put("screenshots", steps.screenshots());
        json.put("screenshot_bytes", steps.screenshotBytes());
        json.put("usage", group.usage());
        json.put("cost", group.cost());
        StatsGroup.Tasks tasks = group.tasks();
        json.put("tasks", tasks == null ? null : tasks.total());
        json.put("tasks_by_end_reason", tasks == null ? null : tasks.byEndReason());
        json.put("passes", tasks == null ? null : tasks.passes());
        json.put("fails", tasks == null ? null : tasks.fails());
        json.put("unclear", tasks == null ? null : tasks.unclear());
        json.put("pass_rate", tasks == null ? null : tasks.passRate());
        json.put("claimed_pass_rate", tasks == null ? null : tasks.claimedPassRate());
        json.put("verified_pass_rate", tasks == null ? null : tasks.verifiedPassRate());
        json.put("verified_passes", tasks == null ? null : tasks.verifiedPasses());
        json.put("verified_fails", tasks == null ? null : tasks.verifiedFails());
        json.put("disagreements", tasks == null ? null : tasks.disagreements());
        json.put("steps_per_task", tasks == null ? null : tasks.stepsPerTask());
        json.put("task_duration", tasks == null ? null : tasks.durations());
        if (group.recent() != null) {
            json.put("last_started_at", group.recent().lastStartedAt());
            json.put("last_task_id", group.recent().lastTaskId());
            json.put("recent_outcomes", group.recent().outcomes());
        }
        return json;
    }

    /**
     * {@code GET /api/insights}: returns insights about the caller's tasks, or about all tasks for an admin, newest
     * first, whether there are enough tasks for insights, and when maintenance updates them. Reads the insights that
     * maintenance stored, not the steps.
     */
    Response listInsights(Caller caller, Query query) {
        String owner = caller.ownerFilter(query.name("owner"));
        String text = query.text("instruction", 1024);
        InsightRepository.Filter filter = new InsightRepository.Filter(
                owner, query.text("kind", 100), text == null ? null : InstructionText.normalize(text));
        Page<InsightRepository.StoredInsight> page = insights.page(filter, query.startKey(CURSORS), query.limit());
        boolean enough = !page.items().isEmpty()
                || insights.hasEnoughTasks(owner, filter.instruction(), InstructionRules.MIN_TASKS);
        MaintenanceSchedule.Updates updates = schedule.updatesOf("insights");
        Map<String, @Nullable Object> extraFields = new LinkedHashMap<>();
        extraFields.put("enough_tasks", enough);
        extraFields.put("updated_at", updates.updatedAt());
        extraFields.put("next_update_at", updates.nextUpdateAt());
        extraFields.put("update_interval_seconds", updates.updateIntervalSeconds());
        return Response.json(
                Json.writeList("insights", page, List::of, row -> CURSORS.encode(row.id()), extraFields, null));
    }
}
