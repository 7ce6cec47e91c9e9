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
    private int next;

    Columns(PreparedStatement statement, Collection<R> rows) {
        this(statement, 1, rows);
    }

    /** @param first the parameter that is bound first */
    Columns(PreparedStatement statement, int first, Collection<R> rows) {
        this.statement = statement;
        this.rows = rows;
        this.next = first;
    }

    /** Binds the next parameter: this value of each row, in the rows' order. */
    void set(String type, Function<R, ? extends @Nullable Object> value) throws SQLException {
        Object[] values = rows.stream().map(value).toArray();
        statement.setArray(next++, statement.getConnection().createArrayOf(type, values));
    }
}
