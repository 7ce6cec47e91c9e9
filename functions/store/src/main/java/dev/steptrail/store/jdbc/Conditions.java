package dev.steptrail.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a WHERE clause from the conditions whose values are not null, so that the planner can use indexes. */
public final class Conditions {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /** Adds {@code AND condition}, which has one {@code ?}, unless {@code value} is null. */
    public Conditions and(String condition, @Nullable Object value) {
        return value == null ? this : and(condition, List.of(value));
    }

    public Conditions and(String condition) {
        return and(condition, List.of());
    }

    /** Adds the condition that at least one of two columns contains a text, case-insensitive, unless it is null. */
    public Conditions andAnyContains(String first, String second, @Nullable String text) {
        if (text == null) {
            return this;
        }
        String pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        return and("(" + first + " ILIKE ? OR " + second + " ILIKE ?)", List.of(pattern, pattern));
    }

    /** Adds {@code AND condition}, which has one {@code ?} per value. */
    public Conditions and(String condition, List<?> bound) {
        sql.append("   AND ").append(condition).append('\n');
        values.addAll(bound);
        return this;
    }

    /** Returns lines that start with {@code AND}, to append to a WHERE clause that has a condition. */
    public String sql() {
        return sql.toString();
    }

    List<Object> values() {
        return values;
    }
}
