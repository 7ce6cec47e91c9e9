package dev.steptrail.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a list, as conditions for its WHERE: those that are asked, and no others, so that the planner sees a
 * plain question. Only values come from outside, and they are bound.
 */
public final class Conditions {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /** Adds {@code AND condition}, which has one {@code ?}, unless {@code value} is null. */
    public Conditions and(String condition, @Nullable Object value) {
        return value == null ? this : and(condition, List.of(value));
    }

    /** Adds a condition that binds nothing. */
    public Conditions and(String condition) {
        return and(condition, List.of());
    }

    /** That one of two columns contains this text, in capitals or not. */
    public Conditions andEitherContains(String column, String other, @Nullable String text) {
        if (text == null) {
            return this;
        }
        String pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        return and("(" + column + " ILIKE ? OR " + other + " ILIKE ?)", List.of(pattern, pattern));
    }

    private Conditions and(String condition, List<Object> bound) {
        sql.append("   AND ").append(condition).append('\n');
        values.addAll(bound);
        return this;
    }

    /** Lines that follow a first condition. */
    public String sql() {
        return sql.toString();
    }

    /** The values in the order of their placeholders, for {@link Sql}. */
    List<Object> values() {
        return values;
    }

    /** Binds the values, from this parameter on, and answers which one is next. */
    public int bind(PreparedStatement statement, int first) throws SQLException {
        int parameter = first;
        for (Object value : values) {
            statement.setObject(parameter++, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
        }
        return parameter;
    }
}
