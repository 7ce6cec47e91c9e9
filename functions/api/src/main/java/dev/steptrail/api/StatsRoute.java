package dev.steptrail.api;

import dev.steptrail.store.statistics.StatisticsQuery;
import dev.steptrail.store.statistics.StatsGroup;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
        return Response.json(Json.of(json -> {
            json.writeStartObject();
            Json.text(json, "since", since);
            Json.text(json, "until", until);
            json.writeArrayFieldStart("stats");
            for (StatsGroup group : groups) {
                json.writeStartObject();
                Json.text(json, grouping, group.key());
                StatsJson.fields(json, group);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }
}
