package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Of which tasks is it time to look whether their screenshots are there? Those of which something came lately, those that
 * miss one by the last look, and a share of the others. Screenshots that are away by intent, with their rows, are not asked for: a
 * deleted task is none of these, and an archived one only while it has rows of late steps.
 */
public final class FindTasksToCheck {
    /** Into as many shares the tasks are parted, by the last byte of their ids, which is random. */
    public static final int SHARES = 32;

    private static final String SQL = """
            SELECT t.task_id,
                   f.task_id IS NOT NULL AS is_reported
              FROM tasks AS t
              LEFT JOIN findings AS f
                ON f.task_id = t.task_id
               AND f.kind = 'screenshot_gone'
             WHERE t.task_id > ?
               AND t.status <> 'deleted'
               AND (   t.status <> 'archived'
                    OR EXISTS (SELECT
                                 FROM task_steps AS s
                                WHERE s.task_id = t.task_id))
               AND (   t.received_at > ?
                    OR get_byte(uuid_send(t.task_id), 15) %% %d = ?
                    OR f.task_id IS NOT NULL)
             ORDER BY t.task_id
             LIMIT ?
            """.formatted(SHARES);

    private final Database database;

    public FindTasksToCheck(Database database) {
        this.database = database;
    }

    /**
     * A task to look at.
     *
     * @param isReported whether some of its screenshots were gone at the last look
     */
    public record TaskToCheck(UUID taskId, boolean isReported) {}

    /**
     * Some of them, in the order of their ids.
     *
     * @param after the last one before these
     * @param since from when on something came of it
     * @param share from 0, less than {@link #SHARES}
     */
    public List<TaskToCheck> some(UUID after, Instant since, int share, int most) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setObject(1, after);
                statement.setObject(2, since.atOffset(ZoneOffset.UTC));
                statement.setInt(3, share);
                statement.setInt(4, most);
                List<TaskToCheck> tasks = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        tasks.add(
                                new TaskToCheck(rows.getObject("task_id", UUID.class), rows.getBoolean("is_reported")));
                    }
                }
                return tasks;
            }
        });
    }
}
