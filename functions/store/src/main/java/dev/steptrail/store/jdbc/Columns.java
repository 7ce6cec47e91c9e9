package dev.steptrail.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds many rows as one array a column, for {@code unnest}. */
public final class Columns<R> {
    private final PreparedStatement statement;
    private final Collection<R> rows;
    private int next;

    public Columns(PreparedStatement statement, Collection<R> rows) {
        this(statement, 1, rows);
    }

    /** @param first the parameter that is bound first */
    public Columns(PreparedStatement statement, int first, Collection<R> rows) {
        this.statement = statement;
        this.rows = rows;
        this.next = first;
    }

    /** Binds the next parameter: this value of each row, in the rows' order. */
    public void set(String type, Function<R, ? extends @Nullable Object> value) throws SQLException {
        Object[] values = rows.stream().map(value).toArray();
        statement.setArray(next++, statement.getConnection().createArrayOf(type, values));
    }
}
