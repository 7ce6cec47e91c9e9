package dev.steptrail.store.statistics;

import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Totals of tasks. Not thread-safe. */
final class TaskTotals implements Totals {
    /** The columns of {@code task_totals_daily}, in the order of {@link #SUMS}. */
    static final String COLUMNS = """
            total_tasks, claimed_passes, claimed_fails, passes, fails, unclear, verified_passes, verified_fails,
            disagreements, total_steps, durations""";

    /**
     * The expressions for one task, where {@code t} is a row of tasks. An archived task is counted with the status that
     * it had before it was archived.
     */
    static final String OF_TASK = """
            coalesce(t.end_reason, t.archived_status, t.status)                               AS end_reason,
            1                                                                                 AS total_tasks,
            (t.claimed_success IS TRUE)::integer                                              AS claimed_passes,
            (t.claimed_success IS FALSE)::integer                                             AS claimed_fails,
            (t.success IS TRUE)::integer                                                      AS passes,
            (t.success IS FALSE)::integer                                                     AS fails,
            (t.verdict IS NOT DISTINCT FROM 'unclear')::integer                               AS unclear,
            (t.verdict IS NOT DISTINCT FROM 'pass')::integer                                  AS verified_passes,
            (t.verdict IS NOT DISTINCT FROM 'fail')::integer                                  AS verified_fails,
            ((t.success <> t.claimed_success) IS TRUE)::integer                               AS disagreements,
            t.total_steps,
            CASE
                WHEN t.claimed_success IS NOT NULL
                THEN greatest(extract(epoch FROM t.ended_at - t.started_at) * 1000, 0)::bigint
            END                                                                               AS duration_ms""";

    /** Sums of {@link #OF_TASK} for one end reason, for {@link #add}. */
    static final String SUMS = """
            sum(total_tasks)     AS total_tasks,
            sum(claimed_passes)  AS claimed_passes,
            sum(claimed_fails)   AS claimed_fails,
            sum(passes)          AS passes,
            sum(fails)           AS fails,
            sum(unclear)         AS unclear,
            sum(verified_passes) AS verified_passes,
            sum(verified_fails)  AS verified_fails,
            sum(disagreements)   AS disagreements,
            sum(total_steps)     AS total_steps,
            coalesce(string_agg(%s, ''), '') AS durations""".formatted(Durations.ENCODED.formatted("duration_ms"));

    private final Map<String, Long> byEndReason = new TreeMap<>();
    private long tasks;
    private long claimedPasses;
    private long claimedFails;
    private long passes;
    private long fails;
    private long unclear;
    private long verifiedPasses;
    private long verifiedFails;
    private long disagreements;
    private long steps;
    private final Durations durations = new Durations();

    @Override
    public void add(ResultSet row) throws SQLException {
        byEndReason.merge(row.getString("end_reason"), row.getLong("total_tasks"), Long::sum);
        tasks += row.getLong("total_tasks");
        claimedPasses += row.getLong("claimed_passes");
        claimedFails += row.getLong("claimed_fails");
        passes += row.getLong("passes");
        fails += row.getLong("fails");
        unclear += row.getLong("unclear");
        verifiedPasses += row.getLong("verified_passes");
        verifiedFails += row.getLong("verified_fails");
        disagreements += row.getLong("disagreements");
        steps += row.getLong("total_steps");
        durations.add(row.getBytes("durations"));
    }

    StatsGroup.Tasks toTasks() {
        return new StatsGroup.Tasks(
                tasks,
                Collections.unmodifiableMap(byEndReason),
                passes,
                fails,
                unclear,
                rate(passes, fails),
                rate(claimedPasses, claimedFails),
                rate(verifiedPasses, verifiedFails),
                verifiedPasses,
                verifiedFails,
                disagreements,
                tasks == 0 ? null : (double) steps / tasks,
                StatsGroup.Times.of(durations));
    }

    private static @Nullable Double rate(long passes, long fails) {
        return passes + fails == 0 ? null : (double) passes / (passes + fails);
    }
}
