package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads the rows of a task as lines of JSON, from which {@link TaskRestorer} restores them exactly: all columns,
 * timestamps in UTC with microseconds, JSON columns unmodified. The rows are read from one snapshot and streamed.
 */
public final class TaskRowReader {
    private static final String ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    private static final String UTC = "SELECT set_config('TimeZone', 'UTC', true)";

    /** Line ends are replaced by spaces, which is safe because JSON contains them only between tokens. */
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
            """.formatted(RetentionSql.NEXT_PART, LINE.formatted("task"));

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
             ORDER BY step_number, screenshot_index
            """.formatted(LINE.formatted("screenshot"));

    /** Small, because a row may take a megabyte. */
    private static final int FETCH_SIZE = 50;

    private final Database database;

    public TaskRowReader(Database database) {
        this.database = database;
    }

    /** Receives lines without line ends. */
    public interface LineConsumer {
        /** Discards all lines, because the read starts or is restarted. */
        void clear() throws IOException;

        /** Adds a line: first the task's, then those of its steps, then those of their screenshots. */
        void add(String line) throws IOException;
    }

    /**
     * The rows that were read.
     *
     * @param part the number of the next part of the archive
     * @param totalSteps the task's number of steps, including those of earlier parts
     */
    public record Rows(String owner, int part, int totalSteps, int steps, int screenshots) {}

    private record TaskLine(String owner, int part, int totalSteps, String line) {}

    /**
     * Reads the rows of a task.
     *
     * @return empty if the task does not exist or was deleted
     * @throws UncheckedIOException if {@code lines} throws
     */
    public Optional<Rows> read(UUID taskId, LineConsumer lines) {
        return database.read(session -> {
            try {
                session.sql(ONE_SNAPSHOT).update();
                session.sql(UTC).hasRows();
                lines.clear();
                Optional<TaskLine> task = session.sql(TASK, taskId).first(RecordMapper.of(TaskLine.class));
                if (task.isEmpty()) {
                    return Optional.empty();
                }
                lines.add(task.get().line());
                return Optional.of(new Rows(
                        task.get().owner(),
                        task.get().part(),
                        task.get().totalSteps(),
                        addAll(session, STEPS, taskId, lines),
                        addAll(session, SCREENSHOTS, taskId, lines)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static int addAll(Session session, String sql, UUID taskId, LineConsumer lines) throws SQLException {
        int[] added = {0};
        session.sql(sql, taskId).fetchSize(FETCH_SIZE).forEach(row -> {
            try {
                lines.add(row.getString("line"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            added[0]++;
        });
        return added[0];
    }
}
