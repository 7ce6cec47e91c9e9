package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.statistics.StatisticsQuery.Filter;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Groups tasks by properties that the daily tables do not contain. Reads {@code tasks}, so the period must be limited.
 * The totals of steps and tokens are those of the tasks that started in the period, whenever the steps were executed.
 */
public final class TaskGroupQuery {
    /** The maximum number of tasks in the period that can be read, regardless of the other fields of the filter. */
    public static final int MAX_TASKS = 200_000;

    private static final String COUNT = """
            SELECT count(*)
              FROM (SELECT
                      FROM tasks
                     WHERE deleted_at IS NULL
                       AND started_at >= ?
                       AND started_at < ?
            %%s          LIMIT %d) AS counted
            """.formatted(MAX_TASKS + 1);

    private static final String TASKS = """
                SELECT %1$s AS key,
                       t.task_id,
                       t.started_at,
                       left(coalesce(t.model, ''), 80) AS model,
                       t.successful_steps,
                       t.failed_steps,
                       t.total_duration_ms,
                       %2$s
                  FROM tasks AS t
                  %3$s
                 WHERE t.deleted_at IS NULL
                   AND t.started_at >= ?
                   AND t.started_at < ?
            %4$s\
            """;

    /** Selects the largest groups, one row per end reason. */
    private static final String GROUPS = """
            WITH grouped AS (
                SELECT key,
                       end_reason,
                       sum(successful_steps)  AS successful_steps,
                       sum(failed_steps)      AS failed_steps,
                       sum(total_duration_ms) AS total_duration_ms,
                       %s
                  FROM (
            %%s) AS t
                 GROUP BY 1, 2
            )
            SELECT *
              FROM grouped
              JOIN (SELECT key
                      FROM grouped
                     GROUP BY 1
                     ORDER BY sum(total_steps) DESC, 1
                     LIMIT %d) AS largest USING (key)
            """.formatted(TaskTotals.SUMS, StatisticsQuery.MAX_GROUPS);

    private static final String USAGE = UsageTotals.priced("""
            SELECT key,
                   day,
                   model,
                   sum(steps)::bigint AS usage_steps,
                   %s
              FROM (
            %%s) AS t
              JOIN task_usage USING (task_id)
             WHERE key = ANY (?)
             GROUP BY 1, 2, 3
            """.formatted(UsageTotals.TOKENS));

    /** The maximum number of newest tasks per group. */
    static final int MAX_RECENT = 20;

    private static final String RECENT = """
            SELECT key,
                   max(started_at)                        AS last_started_at,
                   (array_agg(task_id ORDER BY place))[1] AS last_task_id,
                   array_agg(outcome ORDER BY place)      AS outcomes
              FROM (SELECT key,
                           started_at,
                           task_id,
                           CASE WHEN passes = 1  THEN 'pass'
                                WHEN fails = 1   THEN 'fail'
                                WHEN unclear = 1 THEN 'unclear'
                                ELSE 'running'
                           END AS outcome,
                           row_number() OVER (PARTITION BY key ORDER BY started_at DESC, task_id DESC) AS place
                      FROM (
            %%s) AS t
                     WHERE key = ANY (?)) AS placed
             WHERE place <= %d
             GROUP BY key
            """.formatted(MAX_RECENT);

    private static final RecordMapper<StatsGroup.Recent> RECENT_ROW = RecordMapper.of(StatsGroup.Recent.class);

    private static final String FACETS = "LEFT JOIN task_facets AS f ON f.task_id = t.task_id AND f.facet = ?";

    private final Database database;

    public TaskGroupQuery(Database database) {
        this.database = database;
    }

    /**
     * What tasks are grouped by.
     *
     * @param key the expression of the key
     * @param facet the parameter of the join; null if it has none
     */
    public record TaskGrouping(
            String key, String join, @Nullable String facet) {
        /** By tag. A task with several tags is in several groups, and a task without tags in that of the empty tag. */
        public static final TaskGrouping TAG = new TaskGrouping("coalesce(f.value, '')", FACETS, "tag");

        /** By the instruction as insights compare it. Maintenance computes it, so the newest tasks may be missing. */
        public static final TaskGrouping INSTRUCTION =
                new TaskGrouping("d.instruction", "JOIN task_digests AS d ON d.task_id = t.task_id", null);

        /** By the verdict that counts, or {@code none}. */
        public static final TaskGrouping VERDICT = new TaskGrouping("coalesce(t.verdict, 'none')", "", null);

        /** By experiment; empty for tasks of none. */
        public static final TaskGrouping EXPERIMENT = new TaskGrouping("coalesce(t.experiment, '')", "", null);

        /** By a value of the metadata; empty for tasks without this value. */
        public static TaskGrouping metadata(String path) {
            return new TaskGrouping(TAG.key, FACETS, "metadata." + path);
        }
    }

    /**
     * Returns at most {@value StatisticsQuery#MAX_GROUPS} groups by their number of steps, the largest first; empty if
     * more than {@value #MAX_TASKS} tasks started in the period.
     *
     * @param filter without a type of steps
     * @param withRecent whether to read the newest tasks of each group
     */
    public Optional<List<StatsGroup>> groups(Filter filter, TaskGrouping grouping, boolean withRecent) {
        Instant since = filter.since().atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant until = filter.until().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        Conditions ofOwner = new Conditions().and("owner = ?", filter.owner());
        Conditions conditions = new Conditions()
                .and("t.owner = ?", filter.owner())
                .and("left(coalesce(t.agent, ''), 80) = ?", filter.agent())
                .and("left(coalesce(t.model, ''), 80) = ?", filter.model())
                .and("left(coalesce(t.device_id, ''), 80) = ?", filter.deviceId());
        String tasks = TASKS.formatted(grouping.key(), TaskTotals.OF_TASK, grouping.join(), conditions.sql());
        List<Object> parameters = new ArrayList<>();
        if (grouping.facet() != null) {
            parameters.add(grouping.facet());
        }
        Collections.addAll(parameters, since, until, conditions);
        return database.read(session -> {
            long counted = session.sql(COUNT.formatted(ofOwner.sql()), since, until, ofOwner)
                    .single(row -> row.getLong(1));
            if (counted > MAX_TASKS) {
                return Optional.empty();
            }
            List<StatsGroup> groups = groups(session, tasks, parameters);
            return Optional.of(withRecent ? withRecent(session, tasks, parameters, groups) : groups);
        });
    }

    private static List<StatsGroup> groups(Session session, String tasks, List<Object> parameters) throws SQLException {
        Map<String, TaskTotals> taskTotals = new HashMap<>();
        Map<String, StepTotals> stepTotals = new HashMap<>();
        session.sql(GROUPS.formatted(tasks), parameters.toArray())
                .fetchSize(StatisticsQuery.FETCH_SIZE)
                .forEach(row -> {
                    String key = row.getString("key");
                    taskTotals.computeIfAbsent(key, any -> new TaskTotals()).add(row);
                    stepTotals.computeIfAbsent(key, any -> new StepTotals()).addCounts(row);
                });
        List<Object> ofUsage = new ArrayList<>(parameters);
        ofUsage.add(Sql.array("text", stepTotals.keySet()));
        Map<String, UsageTotals> usage = UsageTotals.byKey(session.sql(USAGE.formatted(tasks), ofUsage.toArray()));
        return StatisticsQuery.groups(stepTotals, taskTotals, usage);
    }

    private static List<StatsGroup> withRecent(
            Session session, String tasks, List<Object> parameters, List<StatsGroup> groups) throws SQLException {
        List<Object> ofGroups = new ArrayList<>(parameters);
        ofGroups.add(Sql.column("text", groups, StatsGroup::key));
        Map<String, StatsGroup.Recent> recent = new HashMap<>();
        session.sql(RECENT.formatted(tasks), ofGroups.toArray())
                .forEach(row -> recent.put(row.getString("key"), RECENT_ROW.map(row)));
        return groups.stream()
                .map(group -> group.withRecent(recent.get(group.key())))
                .toList();
    }
}
