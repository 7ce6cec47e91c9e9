package dev.steptrail.store.judgements;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds, lists and removes the labels of steps. */
public final class StepLabelRepository {
    public static final int MAX_LENGTH = 50;

    /** The maximum number of labels on a step. */
    public static final int MAX_PER_STEP = 50;

    /**
     * The maximum number of labels on all steps of a task. Higher than that of notes, because tasks have many steps.
     */
    public static final int MAX_PER_TASK = 10_000;

    static final RecordMapper<StepLabel> LABEL = RecordMapper.of(StepLabel.class);

    private static final LabelKey BEFORE_ALL = new LabelKey(0, "");

    private static final String INSERT = """
            INSERT INTO step_labels (task_id, step_number, label, author)
            VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            RETURNING %s
            """.formatted(LABEL.columns());

    private static final String IS_OVER_LIMIT = """
            SELECT count(*) > %d OR count(*) FILTER (WHERE step_number = ?) > %d
              FROM step_labels
             WHERE task_id = ?
            """.formatted(MAX_PER_TASK, MAX_PER_STEP);

    private static final String FIND = """
            SELECT %s
              FROM step_labels
             WHERE task_id = ?
               AND step_number = ?
               AND label = ?
            """.formatted(LABEL.columns());

    private static final String LIST = """
            SELECT %s
              FROM step_labels
             WHERE task_id = ?
               AND (step_number, label) > (?, ?)
             ORDER BY step_number, label
             LIMIT ?
            """.formatted(LABEL.columns());

    private static final String DELETE = """
            DELETE FROM step_labels
             WHERE task_id = ?
               AND step_number = ?
               AND label = ?
            """;

    private final Database database;

    public StepLabelRepository(Database database) {
        this.database = database;
    }

    /** A label of a step. {@code author} added it first. */
    public record StepLabel(int stepNumber, String label, String author, Instant labelledAt) {}

    /** The position of a label in the list. */
    public record LabelKey(int stepNumber, String label) {}

    /**
     * Adds a label to a step, and records the change in the audit log. A label that the step has is not changed.
     *
     * @return the label; empty if the task has no such step, or was deleted
     * @throws TaskFullException if the step has {@value #MAX_PER_STEP} other labels, or the task {@value #MAX_PER_TASK}
     */
    public Optional<StepLabel> add(UUID taskId, int stepNumber, String label, String caller) {
        return TaskChanges.run(database, taskId, session -> {
            if (!TaskChanges.hasStep(session, taskId, stepNumber)) {
                return Optional.empty();
            }
            Optional<StepLabel> added =
                    session.sql(INSERT, taskId, stepNumber, label, caller).first(LABEL);
            if (added.isEmpty()) {
                return session.sql(FIND, taskId, stepNumber, label).first(LABEL);
            }
            if (session.sql(IS_OVER_LIMIT, stepNumber, taskId).single(row -> row.getBoolean(1))) {
                throw new TaskFullException();
            }
            recordChange(session, "add_label", taskId, stepNumber, label, caller);
            return added;
        });
    }

    /** Returns a page of the labels of a task's steps, by step number and label. */
    public Page<StepLabel> page(UUID taskId, @Nullable LabelKey after, int limit) {
        LabelKey from = after == null ? BEFORE_ALL : after;
        return Page.read(
                database, limit, session -> session.sql(LIST, taskId, from.stepNumber(), from.label(), limit + 1)
                        .page(limit, LABEL, label -> Page.length(label.label(), label.author())));
    }

    /**
     * Removes a label from a step, and records the change in the audit log.
     *
     * @return false if the step does not have the label
     */
    public boolean remove(UUID taskId, int stepNumber, String label, String caller) {
        return TaskChanges.run(database, taskId, session -> {
                    if (session.sql(DELETE, taskId, stepNumber, label).update() == 0) {
                        return Optional.empty();
                    }
                    recordChange(session, "remove_label", taskId, stepNumber, label, caller);
                    return Optional.of(label);
                })
                .isPresent();
    }

    private static void recordChange(
            Session session, String action, UUID taskId, int stepNumber, String label, String caller)
            throws SQLException {
        TaskChanges.markJudged(session, taskId);
        Map<String, Object> detail = Map.of("step_number", stepNumber, "label", label);
        AuditLog.addInTransaction(session, new AuditEntry(caller, action, taskId, detail));
    }
}
