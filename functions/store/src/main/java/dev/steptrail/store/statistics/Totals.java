package dev.steptrail.store.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Totals of rows of a daily table, which has one row per day and key. Not thread-safe. */
interface Totals {
    /** Adds a row that has the table's columns. */
    void add(ResultSet row) throws SQLException;
}
