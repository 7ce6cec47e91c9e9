package dev.steptrail.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
 * A statement and its parameters. Parameters are bound by position: an {@link Instant} as {@code timestamptz}, the values of
 * {@link Conditions} one after the other, {@link #array} and {@link #column} as arrays, everything else as the driver binds it.
 * Each run prepares and closes a statement of its own; the driver caches what it parsed.
 */
public final class Sql {
    /** Reads the current row of a result. */
    public interface Mapper<T extends @Nullable Object> {
        T map(ResultSet row) throws SQLException;
    }

    /** Reads the current row of a result and returns nothing. */
    public interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private record ArrayParameter(String elementType, Collection<?> elements) {}

    private final Connection connection;
    private final String text;
    private final @Nullable Object[] parameters;
    private int fetchSize;

    private Sql(Connection connection, String text, @Nullable Object[] parameters) {
        this.connection = connection;
        this.text = text;
        this.parameters = parameters;
    }

    public static Sql of(Connection connection, String text, @Nullable Object... parameters) {
        return new Sql(connection, text, parameters);
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

    /** Has the driver fetch this many rows at a time, which needs a transaction. Default all rows at once. */
    public Sql fetchSize(int rows) {
        fetchSize = rows;
        return this;
    }

    /** Runs an INSERT, UPDATE or DELETE and returns the number of its rows. */
    public int update() throws SQLException {
        try (PreparedStatement statement = prepare()) {
            return statement.executeUpdate();
        }
    }

    /** Runs a statement once per row, in one round trip. */
    public static <R> void batch(
            Connection connection, String text, Collection<R> rows, Function<R, @Nullable Object[]> parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (R row : rows) {
                bind(connection, statement, parameters.apply(row));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Calls the reader for each row. */
    public void forEach(RowReader reader) throws SQLException {
        try (PreparedStatement statement = prepare();
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    /**
     * Runs several statements, separated by semicolons, in one round trip, and calls the reader for each row of the first
     * statement.
     */
    public void forEachOfFirst(RowReader reader) throws SQLException {
        try (PreparedStatement statement = prepare()) {
            statement.execute();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    /** Returns all rows. */
    public <T> List<T> list(Mapper<T> mapper) throws SQLException {
        List<T> items = new ArrayList<>();
        forEach(row -> items.add(mapper.map(row)));
        return items;
    }

    /** Returns the first row; empty if there is none or it maps to null. */
    public <T> Optional<T> first(Mapper<? extends @Nullable T> mapper) throws SQLException {
        try (PreparedStatement statement = prepare();
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.ofNullable(mapper.map(row)) : Optional.empty();
        }
    }

    /** Returns the row of a statement that always has one, such as an aggregate. */
    public <T extends @Nullable Object> T one(Mapper<T> mapper) throws SQLException {
        try (PreparedStatement statement = prepare();
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the statement returned no row", "02000");
            }
            return mapper.map(row);
        }
    }

    /** Returns whether there is a row. */
    public boolean exists() throws SQLException {
        try (PreparedStatement statement = prepare();
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    /**
     * Returns at most {@code limit} rows, and fewer once these exceed {@link Page#MAX_BYTES}. The statement must ask for one row
     * more than the limit.
     *
     * @param size the approximate size of an item in bytes
     */
    public <T> Page<T> page(int limit, Mapper<T> mapper, ToLongFunction<T> size) throws SQLException {
        fetchSize(Math.min(limit + 1, Page.FETCH_SIZE));
        List<T> items = new ArrayList<>();
        long bytes = 0;
        try (PreparedStatement statement = prepare();
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                if (items.size() == limit || bytes >= Page.MAX_BYTES) {
                    return new Page<>(items, true);
                }
                T item = mapper.map(rows);
                items.add(item);
                bytes += size.applyAsLong(item);
            }
        }
        return new Page<>(items, false);
    }

    private PreparedStatement prepare() throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        try {
            statement.setFetchSize(fetchSize);
            bind(connection, statement, parameters);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, @Nullable Object[] parameters)
            throws SQLException {
        int next = 1;
        for (Object parameter : parameters) {
            if (parameter instanceof Conditions conditions) {
                for (Object value : conditions.values()) {
                    bind(connection, statement, next++, value);
                }
            } else {
                bind(connection, statement, next++, parameter);
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, int index, @Nullable Object value)
            throws SQLException {
        if (value instanceof Instant time) {
            statement.setObject(index, time.atOffset(ZoneOffset.UTC));
        } else if (value instanceof ArrayParameter array) {
            statement.setArray(
                    index,
                    connection.createArrayOf(
                            array.elementType(), array.elements().toArray()));
        } else {
            statement.setObject(index, value);
        }
    }
}
