package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;

/**
 * What is in the rows of this task? Each row comes as a line of JSON by which {@link RestoreTask} makes the same row again: every
 * column, times to the microsecond in UTC, and JSON as it was written. What is read is as of one moment, and streamed.
 */
public final class ReadTaskRows {
    private static final String ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    private static final String UTC = "SELECT set_config('TimeZone', 'UTC', true)";

    /** A line feed can stand in JSON only between its tokens. */
    private static final String LINE =
            "'{\"%1$s\":' || translate(row_to_json(t)::text, E'\\n\\r', '  ') || '}' AS line";

    private static final String TASK = """
            SELECT owner,
                   total_steps,
                   %s AS part,
                   %s
              FROM tasks AS t
             WHERE task_id = ?
               AND deleted_at IS NULL
            """.formatted(RetentionRules.NEXT_PART, LINE.formatted("task"));

    private static final String STEPS = """
            SELECT %s
              FROM task_steps AS t
             WHERE task_id = ?
             ORDER BY step_number
            """.formatted(LINE.formatted("step"));

    private static final String SCREENSHOTS = """
            SELECT %s
              FROM step_screenshots AS t
             WHERE task_id = ?
             ORDER BY step_number, ordinal
            """.formatted(LINE.formatted("screenshot"));

    /** A row may have a megabyte. */
    private static final int ROWS_AT_ONCE = 50;

    private final Database database;

    public ReadTaskRows(Database database) {
        this.database = database;
    }

    /** Takes lines, without their ends. */
    public interface Lines {
        /** Forgets what was added: all comes again. */
        void clear() throws IOException;

        /** The task's row is the first, then come those of its steps, then those of their screenshots. */
        void add(String line) throws IOException;
    }

    /**
     * What was read.
     *
     * @param part the number of the archive's part that these rows will be
     * @param totalSteps what the task counts, those of earlier parts too
     */
    public record Rows(String owner, int part, int totalSteps, int steps, int screenshots) {}

    /**
     * Reads them.
     *
     * @return nothing, if there is no such task or it was deleted
     * @throws UncheckedIOException what {@code lines} threw
     */
    public Optional<Rows> into(UUID taskId, Lines lines) {
        return database.read(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(ONE_MOMENT);
                statement.execute(UTC);
                lines.clear();
                return read(connection, taskId, lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Optional<Rows> read(Connection connection, UUID taskId, Lines lines)
            throws SQLException, IOException {
        try (PreparedStatement statement = connection.prepareStatement(TASK)) {
            statement.setObject(1, taskId);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                lines.add(row.getString("line"));
                return Optional.of(new Rows(
                        row.getString("owner"),
                        row.getInt("part"),
                        row.getInt("total_steps"),
                        addAll(connection, STEPS, taskId, lines),
                        addAll(connection, SCREENSHOTS, taskId, lines)));
            }
        }
    }

    private static int addAll(Connection connection, String sql, UUID taskId, Lines lines)
            throws SQLException, IOException {
        int added = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, taskId);
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                for (; rows.next(); added++) {
                    lines.add(rows.getString("line"));
                }
            }
        }
        return added;
    }
}
