package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.api.json.Json;
import dev.steptrail.store.statistics.StatisticsQuery;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.io.IOException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/stats}: how many steps the caller's tasks took and how they went, an admin's everybody's, by day (UTC) or as {@code group_by} says; of
 * the last 30 days, if {@code since} and {@code until} say nothing else. Maintenance counts them each hour.
 */
record StatsRoute(StatisticsQuery stats, InstantSource clock) implements Route.CallerHandler {
    static final Set<String> PARAMETERS =
            Set.of("group_by", "owner", "since", "until", "agent", "model", "device_id", "type");

    private static final List<String> GROUPINGS = List.of("day", "agent", "model", "device_id", "step_type", "action");
    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 366;
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1); // that may be asked for

    private static final List<String> OF_RUNS =
            List.of("runs", "runs_by_ending", "success_rate", "steps_per_run", "run_duration");

    @Override
    public Response answer(Caller caller, Query query) {
        String grouping = query.oneOf("group_by", GROUPINGS);
        LocalDate until = query.day("until", LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        LocalDate usual = until.minusDays(USUAL_DAYS - 1);
        LocalDate since = query.day("since", usual.isBefore(FIRST_DAY) ? FIRST_DAY : usual);
        if (since.isAfter(until) || since.plusDays(MOST_DAYS).isBefore(until)) {
            throw Problem.badRequest("since: must be at most " + MOST_DAYS + " days before until, and not after it.");
        }
        List<StatsGroup> groups = stats.groups(
                new StatisticsQuery.Filter(
                        caller.listedOwner(query.name("owner")),
                        since,
                        until,
                        query.text("agent", 80),
                        query.text("model", 80),
                        query.text("device_id", 80),
                        query.text("type", 100)),
                StatisticsQuery.Grouping.valueOf(grouping.toUpperCase(Locale.ROOT)));
        return Response.json(Json.object(json -> {
            Json.text(json, "since", since);
            Json.text(json, "until", until);
            json.writeArrayFieldStart("stats");
            for (StatsGroup group : groups) {
                json.writeStartObject();
                Json.text(json, grouping, group.key());
                fields(json, group);
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    /** Writes the totals of a group; null where nothing is known or a value does not apply. */
    private static void fields(JsonGenerator json, StatsGroup group) throws IOException {
        StatsGroup.Steps steps = group.steps();
        Json.number(json, "total_steps", steps.total());
        Json.number(json, "successful_steps", steps.successful());
        Json.number(json, "failed_steps", steps.failed());
        Json.number(json, "total_duration_ms", steps.durationMs());
        Json.number(json, "measured_steps", steps.total());
        json.writeObjectFieldStart("step_duration");
        times(json, steps.durations());
        json.writeObjectFieldStart("model_time");
        Json.number(json, "total_ms", steps.modelMs());
        times(json, steps.modelTimes());
        boolean isKnown = steps.total() > 0;
        Json.number(json, "retries", isKnown ? steps.retries() : null);
        Json.number(json, "screenshots", isKnown ? steps.screenshots() : null);
        Json.number(json, "screenshot_bytes", isKnown ? steps.screenshotBytes() : null);
        runs(json, group.runs());
    }

    private static void runs(JsonGenerator json, StatsGroup.@Nullable Runs runs) throws IOException {
        if (runs == null) {
            for (String field : OF_RUNS) {
                json.writeNullField(field);
            }
            return;
        }
        Json.number(json, "runs", runs.total());
        json.writeObjectFieldStart("runs_by_ending");
        for (Map.Entry<String, Long> ending : runs.byEnding().entrySet()) {
            Json.number(json, ending.getKey(), ending.getValue());
        }
        json.writeEndObject();
        Json.rounded(json, "success_rate", runs.successRate());
        Json.rounded(json, "steps_per_run", runs.stepsPerRun());
        json.writeObjectFieldStart("run_duration");
        times(json, runs.durations());
    }

    /** The end of an object. */
    private static void times(JsonGenerator json, StatsGroup.Times times) throws IOException {
        Json.number(json, "p50_ms", times.p50());
        Json.number(json, "p95_ms", times.p95());
        json.writeEndObject();
    }
}
