package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Database;
import java.util.UUID;

/** Reads all judgements of a task, for reports and exports. */
public final class JudgementReader {
    /** The maximum length of each list. */
    static final int MAX_LISTED = 1000;

    private static final String VERDICTS = """
            SELECT %s
              FROM verdicts
             WHERE task_id = ?
               AND deleted_at IS NULL
             ORDER BY judged_at DESC, id DESC
             LIMIT %d
            """.formatted(VerdictRepository.VERDICT.columns(), MAX_LISTED);

    private static final String LABELS = """
            SELECT %s
              FROM step_labels
             WHERE task_id = ?
             ORDER BY step_number, label
             LIMIT %d
            """.formatted(StepLabelRepository.LABEL.columns(), MAX_LISTED);

    private static final String NOTES = """
            SELECT %s
              FROM notes
             WHERE task_id = ?
             ORDER BY id
             LIMIT %d
            """.formatted(NoteRepository.NOTE.columns(), MAX_LISTED);

    private final Database database;

    public JudgementReader(Database database) {
        this.database = database;
    }

    /** Returns the first {@value #MAX_LISTED} verdicts, labels and notes of a task. */
    public TaskJudgements read(UUID taskId) {
        return database.readInAutoCommit(session -> new TaskJudgements(
                session.sql(VERDICTS, taskId).list(VerdictRepository.VERDICT),
                session.sql(LABELS, taskId).list(StepLabelRepository.LABEL),
                session.sql(NOTES, taskId).list(NoteRepository.NOTE)));
    }
}
