package dev.steptrail.bench.bare;

import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.UUID;

/**
 * What the API's reads cannot do without: the statements, prepared by the server, that fetch the same columns. Where the API
 * writes down who read, so do they, each time.
 */
public final class BareReads {
    private static final String STEPS = """
            SELECT %s
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """.formatted(Table.STEPS.columns());

    private static final String STEP_NUMBERS = """
            SELECT step_number
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """;

    private static final String SCREENSHOTS = """
            SELECT %s
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number BETWEEN ? AND ?
             ORDER BY step_number, ordinal
            """.formatted(Table.SCREENSHOTS.columns());

    private static final String OF_REPORT = """
            SELECT step_number, step_type, step_data, action_result, duration_ms, success, error_message, created_at, action_place
              FROM task_steps
             WHERE task_id = ?
            """;

    private static final String SCREENS_OF_REPORT = """
            SELECT step_number, perceptual_hash, file_size
              FROM step_screenshots
             WHERE task_id = ?
               AND role = 'before'
             ORDER BY step_number, ordinal
            """;

    private static final String TASK_COLUMNS = """
            task_id, owner, name, description, agent, model, device_id, status, message, ending, continues, announced,
            started_at, ended_at, last_step_at, last_step_number, received_at, total_steps, successful_steps, failed_steps,
            total_duration_ms, dropped_steps, dropped_screenshots, conflicts, keep, losses, metadata, started_fields,
            ended_fields""";

    private static final String TASK = """
            SELECT %s
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
            """.formatted(TASK_COLUMNS);

    private static final String TASKS = """
            SELECT %s
              FROM tasks
             WHERE owner = ?
               AND deleted_at IS NULL
             ORDER BY started_at DESC, task_id DESC
             LIMIT 50
            """.formatted(TASK_COLUMNS);

    private static final String STATS = """
            SELECT day::text, sum(total_steps), sum(successful_steps), sum(failed_steps), sum(total_duration_ms)
              FROM step_stats_daily
             WHERE day BETWEEN ? AND ?
               AND owner = ?
             GROUP BY day::text
             ORDER BY 1
            """;

    private static final String AUDIT_LOG = """
            SELECT at, id, caller, action, task_id, task_owner, detail
              FROM audit_log
             WHERE task_owner = ?
             ORDER BY at DESC, id DESC
             LIMIT 50
            """;

    private static final String AUDIT = """
            INSERT INTO audit_log (caller, action, task_id, task_owner)
            VALUES ('reader', 'read', ?, ?)
            """;

    private final Connection connection;

    /** @param connection which commits each statement by itself, and of which the server prepares what is asked often */
    public BareReads(Connection connection) {
        this.connection = connection;
    }

    /** The next 50 steps with their screenshots. */
    public BareRead page(UUID task, int after) throws SQLException {
        return new BareRead(statement(STEPS, task, after, 50), screenshots(task, after, 50), audit(task));
    }

    /** The screenshots of the next 50 steps. */
    public BareRead playback(UUID task, int after) throws SQLException {
        return new BareRead(statement(STEP_NUMBERS, task, after, 50), screenshots(task, after, 50), audit(task));
    }

    /** The screenshots of one step. */
    public BareRead screenshot(UUID task, int step) throws SQLException {
        return new BareRead(screenshots(task, step - 1, 1), audit(task));
    }

    /** What a report is made of. */
    public BareRead report(UUID task) throws SQLException {
        return new BareRead(statement(OF_REPORT, task), statement(SCREENS_OF_REPORT, task), audit(task));
    }

    /** One task. */
    public BareRead task(UUID task) throws SQLException {
        return new BareRead(statement(TASK, task));
    }

    /** The owner's first 50 tasks. */
    public BareRead tasks() throws SQLException {
        return new BareRead(statement(TASKS, Postgres.OWNER));
    }

    /** The owner's steps, day by day. */
    public BareRead stats(LocalDate since, LocalDate until) throws SQLException {
        return new BareRead(statement(STATS, since, until, Postgres.OWNER));
    }

    /** The last 50 times that somebody read or changed something of the owner's. */
    public BareRead auditLog() throws SQLException {
        return new BareRead(statement(AUDIT_LOG, Postgres.OWNER));
    }

    private BareStatement screenshots(UUID task, int after, int steps) throws SQLException {
        return statement(SCREENSHOTS, task, after + 1, after + steps);
    }

    private BareStatement audit(UUID task) throws SQLException {
        return statement(AUDIT, task, Postgres.OWNER);
    }

    private BareStatement statement(String sql, Object... parameters) throws SQLException {
        return new BareStatement(connection, sql, parameters);
    }
}
