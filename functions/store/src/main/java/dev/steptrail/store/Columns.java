package dev.steptrail.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds many rows as one array a column, for {@code unnest}. */
final class Columns<R> {
    private final PreparedStatement statement;
    private final Collection<R> rows;
    private int bound;

    Columns(PreparedStatement statement, Collection<R> rows) {
        this.statement = statement;
        this.rows = rows;
    }

    /** Binds the next parameter: this value of each row, in the rows' order. */
    void set(String type, Function<R, ? extends @Nullable Object> value) throws SQLException {
        Object[] values = rows.stream().map(value).toArray();
        statement.setArray(++bound, statement.getConnection().createArrayOf(type, values));
    }
}
