package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The table of tasks as a whole. Who makes or drops a month locks it against those who write, and then the tables of steps and
 * screenshots; whoever writes to these must hold the table of tasks first, or the two wait for each other.
 */
public final class TasksTable {
    /** As every UPDATE of a row does, but now. */
    public static final String LOCK = "LOCK TABLE tasks IN ROW EXCLUSIVE MODE";

    private TasksTable() {}

    public static void lock(Connection connection) throws SQLException {
        Sql.of(connection, LOCK).update();
    }
}
