package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.model.JsonColumn;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records the runs of maintenance jobs. At most one run of each kind is in progress: its row without an outcome blocks
 * others, and an advisory lock serialises the insertion of that row. A run without an outcome after 16 minutes counts
 * as failed, because Lambda stops a function after 15 minutes. The next run resumes from the position that the failed
 * run started from. Rows are kept for 400 days.
 */
public final class MaintenanceRuns {
    private static final RecordMapper<Run> RUN = RecordMapper.of(Run.class);
    private static final RecordMapper<Started> STARTED = RecordMapper.of(Started.class);

    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('steptrail maintenance', 0))";

    private static final String EXPIRE_STALE = """
            UPDATE maintenance_runs
               SET outcome  = 'failed',
                   ended_at = now()
             WHERE kind = ?
               AND outcome IS NULL
               AND started_at < now() - interval '16 minutes'
            """;

    /** Keeps the last run of each kind, which stores where to resume. */
    private static final String PRUNE = """
            DELETE FROM maintenance_runs AS r
             WHERE r.kind = ?
               AND r.started_at < now() - interval '400 days'
               AND EXISTS (SELECT
                             FROM maintenance_runs AS later
                            WHERE later.kind = r.kind
                              AND later.started_at > r.started_at)
            """;

    private static final String BEGIN = """
            WITH last AS (
                SELECT outcome, ended_at, resume_at
                  FROM maintenance_runs
                 WHERE kind = ?
                 ORDER BY started_at DESC, id DESC
                 LIMIT 1
            )
            INSERT INTO maintenance_runs (kind, resume_at)
            SELECT ?,
                   (SELECT resume_at FROM last)
             WHERE NOT EXISTS (SELECT
                                 FROM last
                                WHERE outcome IS NULL
                                   OR     outcome IN ('done', 'partly_failed')
                                      AND resume_at IS NULL
                                      AND ended_at > now() - ? * interval '1 second')
            RETURNING id,
                      resume_at
            """;

    private static final String END = """
            UPDATE maintenance_runs
               SET ended_at  = clock_timestamp(),
                   outcome   = ?,
                   resume_at = ?,
                   counts    = ?::jsonb
             WHERE id = ?
               AND outcome IS NULL
            """;

    private static final RecordMapper<Updates> UPDATES = RecordMapper.of(Updates.class);

    private static final String FIND_UPDATES = """
            SELECT max(ended_at) FILTER (WHERE outcome <> 'failed') AS updated_at,
                   max(started_at)                                  AS last_started_at
              FROM (SELECT *
                      FROM maintenance_runs
                     WHERE kind = ?
                     ORDER BY started_at DESC
                     LIMIT 10) AS latest
            """;

    private final Database database;

    public MaintenanceRuns(Database database) {
        this.database = database;
    }

    /**
     * A run in progress.
     *
     * @param resumeAt the position at which the last run stopped, in the job's own format; null if it completed its
     *     work
     */
    public record Started(long id, @Nullable String resumeAt) {}

    /**
     * A run of a job.
     *
     * @param outcome {@code done}, {@code partly_failed}, {@code timed_out} or {@code failed}; null while it runs
     * @param resumeAt the position at which the next run resumes; null if no work remains
     * @param counts counters by name, a JSON object
     */
    public record Run(
            long id,
            String kind,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable String resumeAt,
            String counts) {}

    /**
     * When a job updated its results.
     *
     * @param updatedAt the end of the last run that did not fail; null if there is none among the latest
     * @param lastStartedAt the start of the last run; null if there was none
     */
    public record Updates(
            @Nullable Instant updatedAt, @Nullable Instant lastStartedAt) {}

    /** Returns when a job of this kind updated its results. */
    public Updates updates(String kind) {
        return database.readInAutoCommit(
                session -> session.sql(FIND_UPDATES, kind).single(UPDATES));
    }

    /**
     * Starts a run.
     *
     * @param kind such as {@code partitions}
     * @param pause the minimum time since the last run of this kind, if it completed its work; in whole seconds
     * @return empty if another run is in progress, or the pause has not passed
     */
    public Optional<Started> begin(String kind, Duration pause) {
        return database.inTransaction(session -> {
            if (!session.sql(LOCK).single(row -> row.getBoolean(1))) {
                return Optional.empty();
            }
            session.sql(EXPIRE_STALE, kind).update();
            session.sql(PRUNE, kind).update();
            return session.sql(BEGIN, kind, kind, pause.toSeconds()).first(STARTED);
        });
    }

    /** Ends a run. The parameters are those of {@link Run}. */
    public void end(long id, String outcome, @Nullable String resumeAt, Map<String, ?> counts) {
        String json = JsonColumn.write(counts);
        database.inTransaction(
                session -> session.sql(END, outcome, resumeAt, json, id).update());
    }

    /**
     * Returns a page of the runs, newest first.
     *
     * @param kind the kind of job; null for all
     */
    public Page<Run> page(@Nullable String kind, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions().and("kind = ?", kind);
        return Page.newestFirst(
                database,
                RUN,
                "maintenance_runs",
                conditions,
                before,
                limit,
                run -> Page.length(run.resumeAt(), run.counts()));
    }
}
