package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.retention.MaintenanceRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Returns the runs of maintenance to admins, and determines when maintenance updates what the API returns.
 *
 * @param interval the interval of the schedule
 */
record MaintenanceSchedule(MaintenanceRuns runs, Duration interval) {
    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("maintenance.desc");

    private static final Pattern RATE = Pattern.compile("rate\\(([1-9][0-9]{0,4}) (minute|hour|day)s?\\)");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("minute", ChronoUnit.MINUTES, "hour", ChronoUnit.HOURS, "day", ChronoUnit.DAYS);

    /**
     * The times of updates. All are null for data that maintenance does not compute.
     *
     * @param updatedAt the end of the last update; null before the first
     * @param nextUpdateAt the expected start of the next update; null before the first
     */
    record Updates(
            @Nullable Instant updatedAt,
            @Nullable Instant nextUpdateAt,
            @Nullable Long updateIntervalSeconds) {
        static final Updates NONE = new Updates(null, null, null);
    }

    /**
     * @param settings {@code STEPTRAIL_MAINTENANCE_RATE}, the rate expression of the schedule; default {@code rate(1
     *     hour)}
     * @throws IllegalArgumentException if it is not a rate expression; the message names the setting
     */
    static MaintenanceSchedule of(Settings settings, Database database) {
        String text = settings.optional("STEPTRAIL_MAINTENANCE_RATE", "rate(1 hour)");
        Matcher rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw new IllegalArgumentException(
                    "STEPTRAIL_MAINTENANCE_RATE: '" + text + "' is not a rate expression, like rate(1 hour)");
        }
        return new MaintenanceSchedule(
                new MaintenanceRuns(database), Duration.of(Long.parseLong(rate.group(1)), UNITS.get(rate.group(2))));
    }

    /** @param kind the kind of the job of maintenance, such as {@code insights} */
    Updates updatesOf(String kind) {
        MaintenanceRuns.Updates updates = runs.updates(kind);
        Instant lastStart = updates.lastStartedAt();
        return new Updates(
                updates.updatedAt(), lastStart == null ? null : lastStart.plus(interval), interval.toSeconds());
    }

    /** {@code GET /api/admin/maintenance}: returns maintenance runs, newest first; {@code kind} selects a job. */
    Response list(Request request) {
        Query query = request.query();
        Page<MaintenanceRuns.Run> page = runs.page(query.text("kind", 100), query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(Json.writeList("runs", page, run -> CURSORS.encode(run.id())));
    }
}
