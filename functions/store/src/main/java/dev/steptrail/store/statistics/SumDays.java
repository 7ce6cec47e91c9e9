package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.statistics.MergeDays.Adder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What do the sums of many days add up to, by group? Sketches are merged here, as rows come: Postgres cannot, and all of them at once may be
 * larger than a function.
 */
final class SumDays<S> {
    static final SumDays<StepMeasures> MEASURES =
            new SumDays<>("step_measures_daily", StepMeasures.COLUMNS, StepMeasures::new, StepMeasures::add);

    static final SumDays<StepMeasures> ACTIONS =
            new SumDays<>("action_measures_daily", StepMeasures.COLUMNS, StepMeasures::new, StepMeasures::add);

    static final SumDays<RunMeasures> RUNS =
            new SumDays<>("run_stats_daily", "ending, " + RunMeasures.COLUMNS, RunMeasures::new, RunMeasures::add);

    /** In the order of the groups, so that of too many it is always the same that are left out. */
    private static final String SQL = """
            SELECT %1$s AS key,
                   %2$s
              FROM %3$s
             WHERE day BETWEEN ? AND ?
            %4$s ORDER BY key
            """;

    private static final int ROWS_AT_ONCE = 1000;

    private final String table;
    private final String columns;
    private final Supplier<S> none;
    private final Adder<S> adder;

    private SumDays(String table, String columns, Supplier<S> none, Adder<S> adder) {
        this.table = table;
        this.columns = columns;
        this.none = none;
        this.adder = adder;
    }

    /** @param groups that are told in any case; of others as many as there is room for beside them */
    Map<String, S> in(Connection connection, SumStats.Filter filter, SumStats.Grouping grouping, Set<String> groups)
            throws SQLException {
        Conditions conditions = filter.conditions();
        String sql = SQL.formatted(grouping.column, columns, table, conditions.sql());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, filter.since());
            statement.setObject(2, filter.until());
            conditions.bind(statement, 3);
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                return sums(rows, groups);
            }
        }
    }

    private Map<String, S> sums(ResultSet rows, Set<String> groups) throws SQLException {
        Map<String, S> sums = new HashMap<>();
        int room = SumStats.MOST_GROUPS - groups.size();
        while (rows.next()) {
            String key = rows.getString("key");
            S sum = sums.get(key);
            if (sum == null && (groups.contains(key) || room-- > 0)) {
                sum = none.get();
                sums.put(key, sum);
            }
            if (sum != null) {
                adder.add(sum, rows);
            }
        }
        return sums;
    }
}
