package dev.steptrail.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A statement and its parameters. Parameters are bound by position: an {@link Instant} as {@code timestamptz}, the
 * values of {@link Conditions} one after the other, {@link #array} and {@link #column} as arrays, everything else as
 * the driver binds it. Each run prepares and closes a statement; the driver caches parsed statements.
 */
public final class Sql {
    /** Reads the current row of a result, or all of its rows. */
    public interface Mapper<T extends @Nullable Object> {
        T map(ResultSet row) throws SQLException;
    }

    /** Reads the current row of a result and returns nothing. */
    public interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private record ArrayParameter(String elementType, Collection<?> elements) {}

    private final Session session;
    private final String text;
    private final @Nullable Object[] parameters;
    private int fetchSize;

    Sql(Session session, String text, @Nullable Object[] parameters) {
        this.session = session;
        this.text = text;
        this.parameters = parameters;
    }

    /** Returns a parameter that is an array of this element type, such as {@code uuid}. */
    public static Object array(String elementType, Collection<?> elements) {
        return new ArrayParameter(elementType, elements);
    }

    /** Returns a parameter that is an array of one value per row, for {@code unnest}. */
    public static <R> Object column(
            String elementType, Collection<R> rows, Function<R, ? extends @Nullable Object> value) {
        return new ArrayParameter(
                elementType, Arrays.asList(rows.stream().map(value).toArray()));
    }

    /** Returns the time in a column of the row; null if the column is null. */
    public static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** Sets the number of rows per fetch, which has an effect only in a transaction. Default all rows at once. */
    public Sql fetchSize(int rows) {
        fetchSize = rows;
        return this;
    }

    /** Runs an INSERT, UPDATE, DELETE or a command without a result, and returns the number of rows. */
    public int update() throws SQLException {
        try (PreparedStatement statement = prepare("")) {
            return statement.executeUpdate();
        }
    }

    /** Runs a query and returns the reader's result. The reader calls {@code next()} for each row. */
    public <T extends @Nullable Object> T query(Mapper<T> reader) throws SQLException {
        String timeout = session.timeoutStatement();
        try (PreparedStatement statement = prepare(timeout)) {
            statement.execute();
            if (!timeout.isEmpty()) {
                statement.getMoreResults();
            }
            try (ResultSet rows = statement.getResultSet()) {
                return reader.map(rows);
            }
        }
    }

    /**
     * Runs several statements, separated by semicolons, in one round trip.
     *
     * @param readers one reader per statement, in the same order; the rows of further statements are not read
     */
    public void forEachResult(RowReader... readers) throws SQLException {
        String timeout = session.timeoutStatement();
        try (PreparedStatement statement = prepare(timeout)) {
            statement.execute();
            if (!timeout.isEmpty()) {
                statement.getMoreResults();
            }
            for (RowReader reader : readers) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows != null && rows.next()) {
                        reader.read(rows);
                    }
                }
                statement.getMoreResults();
            }
        }
    }

    public void forEach(RowReader reader) throws SQLException {
        query(rows -> {
            while (rows.next()) {
                reader.read(rows);
            }
            return rows;
        });
    }

    public <T> List<T> list(Mapper<T> mapper) throws SQLException {
        List<T> items = new ArrayList<>();
        forEach(row -> items.add(mapper.map(row)));
        return items;
    }

    /** Returns the first row; empty if there are no rows or the row maps to null. */
    public <T> Optional<T> first(Mapper<? extends @Nullable T> mapper) throws SQLException {
        return query(row -> row.next() ? Optional.ofNullable(mapper.map(row)) : Optional.empty());
    }

    /** Returns the row of a statement that always has one, such as an aggregate. */
    public <T extends @Nullable Object> T single(Mapper<T> mapper) throws SQLException {
        return query(row -> {
            if (!row.next()) {
                throw new SQLException("the statement returned no row", "02000");
            }
            return mapper.map(row);
        });
    }

    public boolean hasRows() throws SQLException {
        return query(ResultSet::next);
    }

    /**
     * Returns at most {@code limit} rows; fewer if their size exceeds {@link Page#MAX_BYTES}. The statement must select
     * one row more than the limit.
     *
     * @param size the approximate size of an item in bytes
     */
    public <T> Page<T> page(int limit, Mapper<T> mapper, ToLongFunction<T> size) throws SQLException {
        fetchSize(Math.min(limit + 1, Page.FETCH_SIZE));
        return query(rows -> {
            List<T> items = new ArrayList<>();
            long bytes = 0;
            while (rows.next()) {
                if (items.size() == limit || bytes >= Page.MAX_BYTES) {
                    return new Page<>(items, true);
                }
                T item = mapper.map(rows);
                items.add(item);
                bytes += size.applyAsLong(item);
            }
            return new Page<>(items, false);
        });
    }

    private PreparedStatement prepare(String prefix) throws SQLException {
        PreparedStatement statement = session.connection().prepareStatement(prefix + text);
        try {
            statement.setFetchSize(fetchSize);
            bind(statement, parameters);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    static void bind(PreparedStatement statement, @Nullable Object[] parameters) throws SQLException {
        int next = 1;
        for (Object parameter : parameters) {
            if (parameter instanceof Conditions conditions) {
                for (Object value : conditions.values()) {
                    bind(statement, next++, value);
                }
            } else {
                bind(statement, next++, parameter);
            }
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value instanceof Instant time) {
            statement.setObject(index, time.atOffset(ZoneOffset.UTC));
        } else if (value instanceof ArrayParameter array) {
            Object[] elements = array.elements().toArray();
            statement.setArray(index, statement.getConnection().createArrayOf(array.elementType(), elements));
        } else {
            statement.setObject(index, value);
        }
    }
}
