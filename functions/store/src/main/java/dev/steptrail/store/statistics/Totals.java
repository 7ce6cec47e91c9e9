package dev.steptrail.store.statistics;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Totals of rows of a daily table. Not thread-safe. */
interface Totals {
    /** Adds a row that has the table's columns. */
    void add(ResultSet row) throws SQLException;

    /** Binds the totals in the order of the table's columns, starting with parameter {@code first}. */
    void bind(PreparedStatement statement, int first) throws SQLException;
}
