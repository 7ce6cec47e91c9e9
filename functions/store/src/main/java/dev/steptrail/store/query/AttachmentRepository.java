package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StoredAttachment;
import java.util.List;
import java.util.UUID;

/** Reads the attachments of steps. */
public final class AttachmentRepository {
    private static final String FIND = """
            SELECT step_data -> 'attachments' AS attachments
              FROM task_steps
             WHERE task_id = ?
               AND step_number = ?
               AND (? OR NOT EXISTS (SELECT
                                       FROM step_screenshots AS screenshot
                                      WHERE screenshot.task_id = task_steps.task_id
                                        AND screenshot.step_number = task_steps.step_number
                                        AND screenshot.sensitive))
            """;

    private final Database database;

    public AttachmentRepository(Database database) {
        this.database = database;
    }

    /**
     * Returns the attachments of a step; empty if there are none, or if the step does not exist or is archived.
     *
     * @param withSensitive whether to return those of a step that has a sensitive screenshot
     */
    public List<StoredAttachment> findByStep(UUID taskId, int stepNumber, boolean withSensitive) {
        return database.lookUp(session -> session.sql(FIND, taskId, stepNumber, withSensitive)
                        .first(row -> StoredAttachment.parse(row.getString("attachments"))))
                .orElse(List.of());
    }
}
