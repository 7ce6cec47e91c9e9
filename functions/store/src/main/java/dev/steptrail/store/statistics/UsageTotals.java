package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import dev.steptrail.store.usage.Cost;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sums of the tokens of a group and of their cost. Not thread-safe. */
final class UsageTotals {
    /** The sums that {@link #priced} needs. */
    static final String TOKENS = """
            sum(input_tokens)::bigint  AS input_tokens,
            sum(cached_tokens)::bigint AS cached_tokens,
            sum(output_tokens)::bigint AS output_tokens""";

    private static final String PRICED = """
            SELECT key,
                   cost.currency,
                   sum(cost.amount)          AS amount,
                   sum(cost.unpriced_tokens) AS unpriced_tokens,
                   sum(u.usage_steps)        AS usage_steps,
                   sum(u.input_tokens)       AS input_tokens,
                   sum(u.cached_tokens)      AS cached_tokens,
                   sum(u.output_tokens)      AS output_tokens
              FROM (
            %s) AS u
             CROSS JOIN LATERAL usage_cost(u.model, u.day, u.input_tokens, u.cached_tokens, u.output_tokens) AS cost
             GROUP BY 1, 2
            """;

    private Cost cost = Cost.NONE;
    private long steps;
    private long inputTokens;
    private long cachedTokens;
    private long outputTokens;

    /**
     * Returns a query for {@link #byKey}.
     *
     * @param usage a query for {@code key}, {@code day}, {@code model}, {@code usage_steps} and {@link #TOKENS}
     */
    static String priced(String usage) {
        return PRICED.formatted(usage);
    }

    /** Returns the totals of each key that has tokens. */
    static Map<String, UsageTotals> byKey(Sql query) throws SQLException {
        Map<String, UsageTotals> totals = new HashMap<>();
        query.forEach(row -> totals.computeIfAbsent(row.getString("key"), key -> new UsageTotals())
                .add(row));
        return totals;
    }

    private void add(ResultSet row) throws SQLException {
        cost = cost.plus(Cost.ROW.map(row));
        steps += row.getLong("usage_steps");
        inputTokens += row.getLong("input_tokens");
        cachedTokens += row.getLong("cached_tokens");
        outputTokens += row.getLong("output_tokens");
    }

    StatsGroup.Usage toUsage() {
        return new StatsGroup.Usage(steps, inputTokens, cachedTokens, outputTokens);
    }

    /** Returns a group with these tokens; without tokens if {@code totals} is null. */
    static StatsGroup group(
            String key, StatsGroup.Steps steps, StatsGroup.@Nullable Tasks tasks, @Nullable UsageTotals totals) {
        return new StatsGroup(
                key, steps, tasks, totals == null ? null : totals.toUsage(), totals == null ? null : totals.cost, null);
    }
}
