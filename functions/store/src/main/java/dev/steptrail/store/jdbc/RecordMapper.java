package dev.steptrail.store.jdbc;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maps a row to a record whose components have the names and types of the columns: {@code stepNumber} is read from
 * {@code step_number}. Arrays become lists. A list of records becomes empty, because its rows are in another table.
 * Thread-safe.
 */
public final class RecordMapper<R extends Record> implements Sql.Mapper<R> {
    private interface Reader {
        @Nullable
        Object read(ResultSet row, String column) throws SQLException;
    }

    private static final Map<Type, Reader> READERS = Map.ofEntries(
            Map.entry(int.class, ResultSet::getInt),
            Map.entry(long.class, ResultSet::getLong),
            Map.entry(boolean.class, ResultSet::getBoolean),
            Map.entry(String.class, ResultSet::getString),
            Map.entry(Instant.class, Sql::time),
            objects(Integer.class),
            objects(Long.class),
            objects(Double.class),
            objects(Boolean.class),
            objects(UUID.class),
            objects(LocalDate.class),
            objects(BigDecimal.class));

    private static Map.Entry<Type, Reader> objects(Class<?> type) {
        return Map.entry(type, (row, column) -> row.getObject(column, type));
    }

    private static final Reader EMPTY_LIST = (row, column) -> List.of();

    private record Column(String name, Reader reader) {
        static Column of(RecordComponent component) {
            Reader reader = component.getGenericType() instanceof ParameterizedType list
                    ? isRecord(list.getActualTypeArguments()[0]) ? EMPTY_LIST : RecordMapper::readList
                    : READERS.get(component.getType());
            if (reader == null) {
                throw new IllegalArgumentException(component + ": cannot be read from a column");
            }
            return new Column(component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT), reader);
        }

        private static boolean isRecord(Type type) {
            return type instanceof Class<?> element && element.isRecord();
        }
    }

    private final List<Column> columns;
    private final String names;
    private final Constructor<R> constructor;

    private RecordMapper(List<Column> columns, Constructor<R> constructor) {
        this.columns = columns;
        this.names = columns.stream()
                .filter(column -> column.reader() != EMPTY_LIST)
                .map(Column::name)
                .collect(Collectors.joining(", "));
        this.constructor = constructor;
    }

    public static <R extends Record> RecordMapper<R> of(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return new RecordMapper<>(Stream.of(components).map(Column::of).toList(), constructor);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record must have its canonical constructor", e);
        }
    }

    /** Returns the names of the columns in the order of the components, separated by commas. */
    public String columns() {
        return names;
    }

    @Override
    public R map(ResultSet row) throws SQLException {
        @Nullable Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            Column column = columns.get(i);
            values[i] = column.reader().read(row, column.name());
        }
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the row does not match its record", e);
        }
    }

    private static @Nullable Object readList(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null
                ? null
                : Arrays.stream((Object[]) array.getArray())
                        .map(element -> element instanceof Timestamp time ? time.toInstant() : element)
                        .toList();
    }
}
