package dev.steptrail.store.experiments;

import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.usage.Cost;

/**
 * Sums over the tasks of an experiment or of one of its cases.
 *
 * @param counts the numbers of tasks, steps and tokens
 * @param cost the cost of the tokens
 */
public record Results(Counts counts, Cost cost) {
    public static final Results NONE = new Results(Counts.NONE, Cost.NONE);

    /**
     * The numbers of tasks. {@code passes}, {@code fails}, {@code unclear} and {@code running} add up to {@code tasks}.
     *
     * @param passes tasks that count as successful, by the verdict that counts, else by the agent's claim
     * @param unclear tasks whose verdict is {@code unclear}
     * @param running tasks that have neither ended nor a verdict
     * @param verifiedPasses tasks with the verdict {@code pass}
     * @param disagreements tasks whose verdict is not what the agent claims
     * @param endedTasks tasks that have ended, whose steps and durations are summed
     * @param tasksWithUsage tasks with at least one step whose tokens are known
     */
    public record Counts(
            int tasks,
            int passes,
            int fails,
            int unclear,
            int running,
            int claimedPasses,
            int claimedFails,
            int verifiedPasses,
            int verifiedFails,
            int disagreements,
            int endedTasks,
            long steps,
            int tasksWithDuration,
            long durationMs,
            int tasksWithUsage,
            long inputTokens,
            long cachedTokens,
            long outputTokens) {
        static final RecordMapper<Counts> ROW = RecordMapper.of(Counts.class);
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** The expressions of the columns of {@link ExperimentRepository.Summary}, for rows of tasks. */
        static final String SUMMARY_COLUMNS = """
                count(*)                                                            AS tasks,
                count(*) FILTER (WHERE success)                                     AS passes,
                count(*) FILTER (WHERE NOT success)                                 AS fails,
                count(*) FILTER (WHERE claimed_success)                             AS claimed_passes,
                count(*) FILTER (WHERE NOT claimed_success)                         AS claimed_fails,
                count(*) FILTER (WHERE verdict = 'pass')                            AS verified_passes,
                count(*) FILTER (WHERE verdict = 'fail')                            AS verified_fails
                """;

        /** The expressions of all columns, for rows of tasks that are joined with their tokens. */
        static final String COLUMNS = SUMMARY_COLUMNS + """
                , count(*) FILTER (WHERE verdict = 'unclear')                       AS unclear,
                count(*) FILTER (WHERE verdict IS NULL AND success IS NULL)         AS running,
                count(*) FILTER (WHERE success <> claimed_success)                  AS disagreements,
                count(*) FILTER (WHERE claimed_success IS NOT NULL)                 AS ended_tasks,
                coalesce(sum(total_steps) FILTER (WHERE claimed_success IS NOT NULL), 0)::bigint AS steps,
                count(ended_at)                                                     AS tasks_with_duration,
                coalesce(sum(greatest(extract(epoch FROM ended_at - started_at) * 1000, 0)), 0)::bigint AS duration_ms,
                count(input_tokens)                                                 AS tasks_with_usage,
                coalesce(sum(input_tokens), 0)::bigint                              AS input_tokens,
                coalesce(sum(cached_tokens), 0)::bigint                             AS cached_tokens,
                coalesce(sum(output_tokens), 0)::bigint                             AS output_tokens
                """;
    }
}
