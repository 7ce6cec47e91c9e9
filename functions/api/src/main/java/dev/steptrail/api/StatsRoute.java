package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.store.statistics.StatisticsQuery;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/stats}: returns statistics of the caller's tasks and their steps, or of all tasks for an admin.
 * Grouped by {@code group_by}, default UTC days. Default range: the last 30 days. Updated hourly by maintenance.
 */
record StatsRoute(StatisticsQuery stats, InstantSource clock) {
    static final Set<String> PARAMETERS =
            Set.of("group_by", "owner", "since", "until", "agent", "model", "device_id", "type");

    private static final List<String> GROUPINGS = List.of("day", "agent", "model", "device_id", "step_type", "action");
    private static final int DEFAULT_DAYS = 30;
    private static final int MAX_DAYS = 366;
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1); // year 0 is not valid

    private record Stats(LocalDate since, LocalDate until, List<Map<String, @Nullable Object>> stats) {}

    private record ModelTime(
            @Nullable Long totalMs, @JsonUnwrapped StatsGroup.Times times) {}

    Response handle(Caller caller, Query query) {
        String grouping = query.oneOf("group_by", GROUPINGS);
        LocalDate until = query.day("until", LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        LocalDate defaultSince = until.minusDays(DEFAULT_DAYS - 1);
        LocalDate since = query.day("since", defaultSince.isBefore(FIRST_DAY) ? FIRST_DAY : defaultSince);
        if (since.isAfter(until) || since.plusDays(MAX_DAYS).isBefore(until)) {
            throw Problem.badRequest("since: must be at most " + MAX_DAYS + " days before until, and not after it.");
        }
        List<StatsGroup> groups = stats.groups(
                new StatisticsQuery.Filter(
                        caller.ownerFilter(query.name("owner")),
                        since,
                        until,
                        query.text("agent", 80),
                        query.text("model", 80),
                        query.text("device_id", 80),
                        query.text("type", 100)),
                StatisticsQuery.Grouping.valueOf(grouping.toUpperCase(Locale.ROOT)));
        return Response.json(new Stats(
                since,
                until,
                groups.stream().map(group -> json(grouping, group)).toList()));
    }

    /** Returns the fields of a group. A value that is unknown or does not apply is null. */
    private static Map<String, @Nullable Object> json(String grouping, StatsGroup group) {
        StatsGroup.Steps steps = group.steps();
        boolean hasSteps = steps.total() > 0;
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put(grouping, group.key());
        json.put("total_steps", steps.total());
        json.put("successful_steps", steps.successful());
        json.put("failed_steps", steps.failed());
        json.put("total_duration_ms", steps.durationMs());
        json.put("step_duration", steps.durations());
        json.put("model_time", new ModelTime(steps.modelMs(), steps.modelTimes()));
        json.put("retries", hasSteps ? steps.retries() : null);
        json.put("screenshots", hasSteps ? steps.screenshots() : null);
        json.put("screenshot_bytes", hasSteps ? steps.screenshotBytes() : null);
        StatsGroup.Tasks tasks = group.tasks();
        json.put("tasks", tasks == null ? null : tasks.total());
        json.put("tasks_by_end_reason", tasks == null ? null : tasks.byEndReason());
        json.put("success_rate", tasks == null ? null : tasks.successRate());
        json.put("steps_per_task", tasks == null ? null : tasks.stepsPerTask());
        json.put("task_duration", tasks == null ? null : tasks.durations());
        return json;
    }
}
