package dev.steptrail.store.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.experiments.ExperimentRepository;
import dev.steptrail.store.experiments.Results;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.statistics.StatisticsQuery.Filter;
import dev.steptrail.store.statistics.StatisticsQuery.Grouping;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import dev.steptrail.store.statistics.TaskGroupQuery.TaskGrouping;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Recounts the statistics from tasks, steps and verdicts, and compares all places that count them. */
final class StatisticsRecount {
    /**
     * The verdict that counts is computed here, rather than read from tasks, and does not depend on the order of
     * arrival.
     */
    private static final String RECOUNTED_TASKS = """
            WITH counted AS (
                SELECT DISTINCT ON (task_id) task_id, value
                  FROM verdicts
                 WHERE name = 'success'
                   AND deleted_at IS NULL
                 ORDER BY task_id, source = 'human' DESC, judged_at DESC, judge DESC
            ), judged AS (
                SELECT (started_at AT TIME ZONE 'UTC')::date AS day,
                       owner,
                       value AS verdict,
                       CASE coalesce(archived_status, status) WHEN 'succeeded' THEN true WHEN 'running' THEN NULL ELSE false
                       END AS claimed,
                       total_steps
                  FROM tasks
                  LEFT JOIN counted USING (task_id)
                 WHERE deleted_at IS NULL
            )
            SELECT day, owner, count(*), sum(total_steps),
                   count(*) FILTER (WHERE claimed),
                   count(*) FILTER (WHERE NOT claimed),
                   count(*) FILTER (WHERE verdict = 'pass' OR verdict IS NULL AND claimed),
                   count(*) FILTER (WHERE verdict = 'fail' OR verdict IS NULL AND NOT claimed),
                   count(*) FILTER (WHERE verdict = 'unclear'),
                   count(*) FILTER (WHERE verdict = 'pass'),
                   count(*) FILTER (WHERE verdict = 'fail'),
                   count(*) FILTER (WHERE verdict = 'pass' AND NOT claimed OR verdict = 'fail' AND claimed)
              FROM judged
             GROUP BY 1, 2""";

    private static final String COUNTED_TASKS = """
            SELECT day, owner, sum(total_tasks), sum(total_steps), sum(claimed_passes), sum(claimed_fails), sum(passes),
                   sum(fails), sum(unclear), sum(verified_passes), sum(verified_fails), sum(disagreements)
              FROM task_totals_daily
             GROUP BY 1, 2""";

    /** Recounts all steps that were ever written. */
    private static final String RECOUNTED_STEPS = """
            SELECT (s.created_at AT TIME ZONE 'UTC')::date AS day,
                   t.owner,
                   coalesce(t.agent, ''),
                   coalesce(t.model, ''),
                   coalesce(t.device_id, ''),
                   s.step_type,
                   count(*),
                   count(*) FILTER (WHERE s.success),
                   count(*) FILTER (WHERE NOT s.success),
                   sum(s.duration_ms)::bigint
              FROM ever AS s
              JOIN tasks AS t USING (task_id)
             WHERE t.deleted_at IS NULL
             GROUP BY 1, 2, 3, 4, 5, 6""";

    private static final String COUNTED_STEPS = """
            SELECT day, owner, agent, model, device_id, step_type, total_steps, successful_steps, failed_steps, total_duration_ms
              FROM step_stats_daily""";

    private static final String COUNTED_ACTIONS = """
            SELECT day, owner, agent, model, device_id, step_type, sum(total_steps), sum(successful_steps), sum(failed_steps),
                   sum(total_duration_ms)::bigint
              FROM action_stats_daily
             GROUP BY 1, 2, 3, 4, 5, 6""";

    private static final String RECOUNTED_ENDS = """
            SELECT (started_at AT TIME ZONE 'UTC')::date,
                   owner,
                   coalesce(agent, ''),
                   coalesce(end_reason, CASE status WHEN 'archived' THEN archived_status ELSE status END, status),
                   count(*),
                   sum(total_steps)
              FROM tasks
             WHERE deleted_at IS NULL
             GROUP BY 1, 2, 3, 4""";

    private static final String COUNTED_ENDS = """
            SELECT day, owner, agent, end_reason, sum(total_tasks), sum(total_steps)
              FROM task_totals_daily
             GROUP BY 1, 2, 3, 4""";

    private static final String TOKENS_OF_STEPS = """
            SELECT (s.created_at AT TIME ZONE 'UTC')::date, t.owner, coalesce(t.model, ''), count(*), sum(input_tokens),
                   sum(coalesce(cached_tokens, 0)), sum(output_tokens)
              FROM ever AS s
              JOIN tasks AS t USING (task_id)
             WHERE t.deleted_at IS NULL
               AND input_tokens IS NOT NULL
             GROUP BY 1, 2, 3""";

    private static final String TOKENS_OF_TASKS = """
            SELECT day, owner, coalesce(model, ''), sum(steps), sum(input_tokens), sum(cached_tokens), sum(output_tokens)
              FROM task_usage
              JOIN tasks USING (task_id)
             GROUP BY 1, 2, 3""";

    private static final String TOKENS_OF_DAYS = """
            SELECT day, owner, model, sum(usage_steps), sum(input_tokens), sum(cached_tokens), sum(output_tokens)
              FROM %s
             WHERE usage_steps > 0
             GROUP BY 1, 2, 3""";

    private static final String EXPECTATION = """
            SELECT concat_ws(' ', figures ->> 'tasks', figures ->> 'successes', coalesce(figures ->> 'verified', '0'),
                             coalesce(figures ->> 'disagreements', '0'))
              FROM insights
             WHERE kind = 'expectation' AND owner = '%s'
            """;

    /**
     * Insights ignore cancelled tasks that have no verdict, and tasks that were archived before their start arrived.
     */
    private static final String SUCCESSES = """
            SELECT concat_ws(' ', count(*),
                             count(*) FILTER (WHERE success),
                             count(*) FILTER (WHERE verdict IS NOT NULL),
                             count(*) FILTER (WHERE verdict IS NOT NULL AND success <> claimed_success))
              FROM tasks
              JOIN task_digests USING (task_id)
             WHERE tasks.owner = '%s'
               AND instruction <> ''
               AND success IS NOT NULL
               AND (verdict IS NOT NULL OR end_reason IS DISTINCT FROM 'cancelled')
            HAVING count(*) >= 5
            """;

    /** What no verdict may change. */
    private static final List<String> UNJUDGED = List.of(
            "SELECT d::text FROM task_stats_daily AS d ORDER BY 1",
            withSortedTimes("action_stats_daily"),
            withSortedTimes("step_stats_daily"),
            "SELECT u::text FROM task_usage AS u ORDER BY 1",
            "SELECT s::text FROM task_steps AS s ORDER BY 1",
            "SELECT d::text FROM task_digests AS d ORDER BY 1",
            """
            SELECT (day, owner, agent, model, device_id, end_reason, total_tasks, claimed_passes, claimed_fails, total_steps,
                    %s)::text
              FROM task_totals_daily
             ORDER BY 1""".formatted(sorted("durations")),
            """
            SELECT (task_id, status, end_reason, started_at, ended_at, claimed_success, total_steps, successful_steps,
                    failed_steps, total_duration_ms, conflicting_steps)::text
              FROM tasks
             ORDER BY 1""");

    private final TestDatabase testDatabase;
    private final Database database;

    /** Creates a table in the test's database, for {@link #keepSteps}. */
    StatisticsRecount(TestDatabase testDatabase, Database database) {
        this.testDatabase = testDatabase;
        this.database = database;
        testDatabase.execute("CREATE TABLE ever (LIKE task_steps INCLUDING INDEXES)");
    }

    /** Copies the steps of all tasks, so that they are recounted after they are archived. */
    void keepSteps() {
        testDatabase.execute("INSERT INTO ever SELECT * FROM task_steps ON CONFLICT DO NOTHING");
    }

    /** Returns what no verdict may change. */
    List<List<String>> unjudged() {
        return UNJUDGED.stream().map(testDatabase::column).toList();
    }

    /** Returns the rows of the statistics that differ from the tasks, steps and verdicts. */
    List<String> differences() {
        return Stream.of(
                        differences(RECOUNTED_TASKS, COUNTED_TASKS),
                        differences(RECOUNTED_ENDS, COUNTED_ENDS),
                        differences(RECOUNTED_STEPS, COUNTED_STEPS),
                        differences(RECOUNTED_STEPS, COUNTED_ACTIONS),
                        differences(TOKENS_OF_STEPS, TOKENS_OF_TASKS),
                        differences(TOKENS_OF_TASKS, TOKENS_OF_DAYS.formatted("step_stats_daily")),
                        differences(TOKENS_OF_TASKS, TOKENS_OF_DAYS.formatted("action_stats_daily")))
                .flatMap(List::stream)
                .toList();
    }

    private List<String> differences(String first, String second) {
        return testDatabase.column(
                "SELECT differing::text FROM ((%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)) AS differing"
                        .formatted("(" + first + ")", "(" + second + ")"));
    }

    /** Checks that all groupings, the experiment of all tasks of the owner, and the insight have the same sums. */
    void assertAllPlacesCountTheSame(String owner, Filter filter) {
        Results results = new ExperimentRepository(database)
                .find(owner, "experiment")
                .map(experiment -> experiment.total())
                .orElse(Results.NONE);
        Sums expected = Sums.of(results);
        StatisticsQuery query = new StatisticsQuery(database);
        for (Grouping grouping : List.of(Grouping.DAY, Grouping.AGENT, Grouping.MODEL, Grouping.DEVICE_ID)) {
            assertThat(Sums.of(query.groups(filter, grouping)))
                    .as(grouping.toString())
                    .isEqualTo(expected);
        }
        for (Grouping grouping : List.of(Grouping.STEP_TYPE, Grouping.ACTION)) {
            assertThat(Sums.of(query.groups(filter, grouping)))
                    .as(grouping.toString())
                    .isEqualTo(expected.withoutTasks());
        }
        for (TaskGrouping grouping : List.of(
                TaskGrouping.TAG,
                TaskGrouping.INSTRUCTION,
                TaskGrouping.VERDICT,
                TaskGrouping.EXPERIMENT,
                TaskGrouping.metadata("lab"))) {
            assertThat(Sums.of(new TaskGroupQuery(database)
                            .groups(filter, grouping, true)
                            .orElseThrow()))
                    .as(grouping.toString())
                    .isEqualTo(expected);
        }
        assertThat(testDatabase.column(EXPECTATION.formatted(owner)))
                .isEqualTo(testDatabase.column(SUCCESSES.formatted(owner)));
    }

    /** Returns a query for the rows of a table, whose times are stored in any order. */
    private static String withSortedTimes(String table) {
        return "SELECT to_jsonb(d) - 'durations' - 'model_times' || jsonb_build_object('d', %s, 'm', %s) FROM %s AS d ORDER BY 1"
                .formatted(sorted("durations"), sorted("model_times"), table);
    }

    private static String sorted(String column) {
        return """
                (SELECT array_agg(value ORDER BY value)
                   FROM generate_series(1, length(%1$s), 2) AS start
                  CROSS JOIN LATERAL substring(%1$s FROM start FOR 2) AS value)""".formatted(column);
    }

    /** Sums over groups, such as days. Each task is in one group. */
    private record Sums(
            long tasks, long passes, long fails, long unclear, long disagreements, long tokens, String cost) {
        static Sums of(List<StatsGroup> groups) {
            long[] sums = new long[6];
            Map<String, BigDecimal> amounts = new TreeMap<>();
            long unpriced = 0;
            for (StatsGroup group : groups) {
                StatsGroup.Tasks tasks = group.tasks();
                if (tasks != null) {
                    sums[0] += tasks.total();
                    sums[1] += tasks.passes();
                    sums[2] += tasks.fails();
                    sums[3] += tasks.unclear();
                    sums[4] += tasks.disagreements();
                }
                if (group.usage() != null) {
                    sums[5] += group.usage().inputTokens() + group.usage().outputTokens();
                    group.cost().amounts().forEach((currency, sum) -> amounts.merge(currency, sum, BigDecimal::add));
                    unpriced += group.cost().unpricedTokens();
                }
            }
            return new Sums(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], text(amounts, unpriced));
        }

        static Sums of(Results results) {
            Results.Counts counts = results.counts();
            return new Sums(
                    counts.tasks(),
                    counts.passes(),
                    counts.fails(),
                    counts.unclear(),
                    counts.disagreements(),
                    counts.inputTokens() + counts.outputTokens(),
                    text(results.cost().amounts(), results.cost().unpricedTokens()));
        }

        private static String text(Map<String, BigDecimal> amounts, long unpriced) {
            List<String> parts = new ArrayList<>();
            amounts.forEach((currency, amount) ->
                    parts.add(currency + " " + amount.stripTrailingZeros().toPlainString()));
            return String.join(", ", parts) + ", " + unpriced + " unpriced";
        }

        Sums withoutTasks() {
            return new Sums(0, 0, 0, 0, 0, tokens, cost);
        }
    }
}
