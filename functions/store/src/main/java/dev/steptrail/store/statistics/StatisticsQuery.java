package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.usage.Cost;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads totals of steps and tasks from the daily tables, which are as current as their last rebuild. */
public final class StatisticsQuery {
    /** The maximum number of groups in a response. The API limits the period to fewer days. */
    public static final int MAX_GROUPS = 1000;

    /** Postgres selects the groups. Durations are counted here, while rows are streamed. */
    private static final String STEPS = """
            WITH selected AS (
                SELECT %1$s AS key
                  FROM %2$s
                 WHERE day BETWEEN ? AND ?
                %3$s
                 GROUP BY 1
                 ORDER BY sum(total_steps) DESC, 1
                 LIMIT %4$d
            )
            SELECT key,
                   %5$s
              FROM %2$s
              JOIN selected ON key = %1$s
             WHERE day BETWEEN ? AND ?
            %3$s
            """;

    private static final String TASKS = """
            SELECT %1$s AS key,
                   end_reason,
                   %2$s
              FROM task_totals_daily
             WHERE day BETWEEN ? AND ?
            %3$s
             ORDER BY 1
            """;

    private static final String USAGE = UsageTotals.priced("""
            SELECT %1$s AS key,
                   day,
                   model,
                   sum(usage_steps)::bigint AS usage_steps,
                   %2$s
              FROM %3$s
             WHERE day BETWEEN ? AND ?
               AND usage_steps > 0
            %4$s
             GROUP BY 1, 2, 3
            """);

    static final int FETCH_SIZE = 1000;

    private final Database database;

    public StatisticsQuery(Database database) {
        this.database = database;
    }

    /** What the totals are grouped by. */
    public enum Grouping {
        DAY("day::text"),
        AGENT("agent"),
        MODEL("model"),
        DEVICE_ID("device_id"),
        STEP_TYPE("step_type"),
        ACTION("action");

        private final String column;

        Grouping(String column) {
            this.column = column;
        }

        private String table() {
            return this == ACTION ? "action_stats_daily" : "step_stats_daily";
        }
    }

    /**
     * Filters steps and tasks. A null field matches all of them.
     *
     * @param since the first day, UTC
     * @param until the last day, UTC
     * @param type the type of steps
     */
    public record Filter(
            @Nullable String owner,
            LocalDate since,
            LocalDate until,
            @Nullable String agent,
            @Nullable String model,
            @Nullable String deviceId,
            @Nullable String type) {

        private Conditions conditions() {
            return new Conditions()
                    .and("owner = ?", owner)
                    .and("agent = ?", agent)
                    .and("model = ?", model)
                    .and("device_id = ?", deviceId)
                    .and("step_type = ?", type);
        }
    }

    /**
     * The totals of a group of steps and tasks.
     *
     * @param key the value of the grouping column, such as the agent; empty if it is unknown
     * @param tasks null if tasks cannot be grouped in this way
     * @param usage null if no step has tokens
     * @param cost of these tokens; null if no step has tokens
     * @param recent the newest tasks; null if they were not requested
     */
    public record StatsGroup(
            String key,
            Steps steps,
            @Nullable Tasks tasks,
            @Nullable Usage usage,
            @Nullable Cost cost,
            @Nullable Recent recent) {
        StatsGroup withRecent(@Nullable Recent newest) {
            return new StatsGroup(key, steps, tasks, usage, cost, newest);
        }

        /**
         * The newest tasks of the group.
         *
         * @param outcomes {@code pass}, {@code fail}, {@code unclear} or {@code running}, of at most
         *     {@value TaskGroupQuery#MAX_RECENT} tasks, newest first
         */
        public record Recent(Instant lastStartedAt, UUID lastTaskId, List<String> outcomes) {}

        /**
         * Totals of steps.
         *
         * @param modelMs total duration of model calls; null if no step has one
         * @param retries steps that repeat the action of the previous step after that step failed; null if unknown
         * @param screenshots null if unknown
         * @param screenshotBytes the stored size of the screenshots; null if unknown
         */
        public record Steps(
                long total,
                long successful,
                long failed,
                long durationMs,
                Times durations,
                @Nullable Long modelMs,
                Times modelTimes,
                @Nullable Long retries,
                @Nullable Long screenshots,
                @Nullable Long screenshotBytes) {}

        /**
         * Totals of the tasks that started in the period.
         *
         * @param byEndReason counts by end reason, or by status for tasks without an end reason
         * @param passes tasks that count as successful, by the verdict that counts, else by the agent's claim
         * @param unclear tasks whose verdict is {@code unclear}
         * @param passRate the fraction of passes among passes and fails; null if there are none
         * @param claimedPassRate the fraction of tasks whose agent claims success among the ended tasks; null if none
         *     ended
         * @param verifiedPassRate the fraction of verified passes among verified passes and fails; null if there are
         *     none
         * @param verifiedPasses tasks with the verdict {@code pass}
         * @param disagreements tasks whose verdict is not what the agent claims
         * @param stepsPerTask null if there are no tasks
         * @param durations of the tasks that ended
         */
        public record Tasks(
                long total,
                Map<String, Long> byEndReason,
                long passes,
                long fails,
                long unclear,
                @Nullable Double passRate,
                @Nullable Double claimedPassRate,
                @Nullable Double verifiedPassRate,
                long verifiedPasses,
                long verifiedFails,
                long disagreements,
                @Nullable Double stepsPerTask,
                Times durations) {}

        /**
         * Tokens of model calls.
         *
         * @param steps the number of steps whose tokens are known
         * @param cachedTokens those of the input tokens that were read from a cache
         */
        public record Usage(long steps, long inputTokens, long cachedTokens, long outputTokens) {}

        /** Quantiles in milliseconds with a relative error of at most 1 %; null if there are no values. */
        public record Times(@Nullable Long p50, @Nullable Long p95) {
            static Times of(Durations durations) {
                return new Times(durations.quantile(0.5), durations.quantile(0.95));
            }
        }
    }

    /**
     * Returns at most {@value #MAX_GROUPS} groups: days in order, others by their number of steps, the largest first.
     */
    public List<StatsGroup> groups(Filter filter, Grouping grouping) {
        boolean hasTasks = filter.type() == null && grouping != Grouping.STEP_TYPE && grouping != Grouping.ACTION;
        return database.read(session -> {
            Map<String, StepTotals> steps = steps(session, filter, grouping);
            Map<String, TaskTotals> tasks = hasTasks ? tasks(session, filter, grouping, steps.keySet()) : Map.of();
            Map<String, UsageTotals> usage = usage(session, filter, grouping);
            List<StatsGroup> groups = groups(steps, hasTasks ? tasks : null, usage);
            return grouping != Grouping.DAY
                    ? groups
                    : groups.stream()
                            .sorted(Comparator.comparing(StatsGroup::key))
                            .toList();
        });
    }

    /**
     * Returns the groups by their number of steps, the largest first.
     *
     * @param tasks null if tasks cannot be grouped in this way
     */
    static List<StatsGroup> groups(
            Map<String, StepTotals> steps, @Nullable Map<String, TaskTotals> tasks, Map<String, UsageTotals> usage) {
        Set<String> keys = new HashSet<>(steps.keySet());
        if (tasks != null) {
            keys.addAll(tasks.keySet());
        }
        return keys.stream()
                .map(key -> UsageTotals.group(
                        key,
                        steps.getOrDefault(key, new StepTotals()).toSteps(),
                        tasks == null
                                ? null
                                : tasks.getOrDefault(key, new TaskTotals()).toTasks(),
                        usage.get(key)))
                .sorted(Comparator.comparingLong(
                                (StatsGroup group) -> -group.steps().total())
                        .thenComparing(StatsGroup::key))
                .toList();
    }

    private static Map<String, StepTotals> steps(Session session, Filter filter, Grouping grouping)
            throws SQLException {
        String sql = STEPS.formatted(
                grouping.column,
                grouping.table(),
                filter.conditions().sql().stripTrailing(),
                MAX_GROUPS,
                StepTotals.COLUMNS);
        Conditions conditions = filter.conditions();
        Sql query = session.sql(
                sql, filter.since(), filter.until(), conditions, filter.since(), filter.until(), conditions);
        return totals(query, StepTotals::new, Set.of());
    }

    /** Returns the task totals of the groups that have steps, and of other groups up to the limit. */
    private static Map<String, TaskTotals> tasks(
            Session session, Filter filter, Grouping grouping, Set<String> stepGroups) throws SQLException {
        String sql = TASKS.formatted(
                grouping.column, TaskTotals.COLUMNS, filter.conditions().sql().stripTrailing());
        Sql query = session.sql(sql, filter.since(), filter.until(), filter.conditions());
        return totals(query, TaskTotals::new, stepGroups);
    }

    private static Map<String, UsageTotals> usage(Session session, Filter filter, Grouping grouping)
            throws SQLException {
        String sql = USAGE.formatted(
                grouping.column,
                UsageTotals.TOKENS,
                grouping.table(),
                filter.conditions().sql().stripTrailing());
        return UsageTotals.byKey(session.sql(sql, filter.since(), filter.until(), filter.conditions()));
    }

    private static <T extends Totals> Map<String, T> totals(Sql query, Supplier<T> zero, Set<String> preferred)
            throws SQLException {
        return query.fetchSize(FETCH_SIZE).query(rows -> {
            Map<String, T> totals = new HashMap<>();
            int remaining = MAX_GROUPS - preferred.size();
            while (rows.next()) {
                String key = rows.getString("key");
                T group = totals.get(key);
                if (group == null && (preferred.contains(key) || remaining-- > 0)) {
                    group = zero.get();
                    totals.put(key, group);
                }
                if (group != null) {
                    group.add(rows);
                }
            }
            return totals;
        });
    }
}
