package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.PrimingTables;
import java.util.UUID;

/**
 * Creates a task with steps and screenshots for priming before a snapshot, in {@link PrimingTables}, because the login
 * of the API may not write tasks.
 */
public final class PrimingTask {
    public static final String OWNER = "priming";

    private static final int STEPS = 20;

    private static final String INSERT_TASK = """
            INSERT INTO tasks (task_id, owner, name, agent, start_received, started_at, last_step_at, total_steps,
                               successful_steps)
            VALUES (?, ?, 'priming', 'priming', true, now(), now(), ?, ?)
            """;

    private static final String INSERT_STEPS = """
            INSERT INTO task_steps (task_id, step_number, step_type, step_data, thinking, action_result, screenshot_path,
                                    duration_ms, success, created_at)
            SELECT ?, number, 'action', '{"action":{"action":"Tap","element":[500,500]},"timings":{"model_ms":1}}', 'priming',
                   '{"success":true}', 'screenshots/priming/' || number || '.webp', 1, true, now()
              FROM generate_series(1, ?) AS number
            """;

    private static final String INSERT_SCREENSHOTS = """
            INSERT INTO step_screenshots (task_id, step_number, screenshot_index, role, screenshot_path, file_hash, file_size,
                                          original_size, width, height, format, compressed, sensitive, redacted_regions,
                                          perceptual_hash, thumbnail_path, captured_at)
            SELECT ?, number, 0, 'before', 'screenshots/priming/' || number || '.webp', repeat('0', 64), 1, 1, 1080, 2400,
                   'webp', true, false, '[]', repeat('0', 16), 'screenshots/priming/' || number || '.thumbnail.webp', now()
              FROM generate_series(1, ?) AS number
            """;

    private final Database database;

    public PrimingTask(Database database) {
        this.database = database;
    }

    /** Creates the task of {@link #OWNER} and returns its id. */
    public UUID create() {
        UUID taskId = UUID.randomUUID();
        PrimingTables.create(database);
        database.inTransaction(session -> {
            session.sql(INSERT_TASK, taskId, OWNER, STEPS, STEPS).update();
            session.sql(INSERT_STEPS, taskId, STEPS).update();
            return session.sql(INSERT_SCREENSHOTS, taskId, STEPS).update();
        });
        return taskId;
    }
}
