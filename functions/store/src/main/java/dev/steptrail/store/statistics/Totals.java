package dev.steptrail.store.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Totals of rows of a daily table, which has one row per day and key. Not thread-safe. */
interface Totals {
    /** Adds a row that has the table's columns. */
    void add(ResultSet row) throws SQLException;

    /** Returns the totals in the order of the table's columns. */
    List<@Nullable Object> values();
}
