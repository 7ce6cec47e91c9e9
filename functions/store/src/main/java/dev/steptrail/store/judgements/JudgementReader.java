package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.TaskJudgements.Listed;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Reads the judgements of tasks, for reports and exports. */
public final class JudgementReader {
    /** The maximum length of each list in a report. */
    static final int MAX_LISTED = 1000;

    private static final String BEFORE_ID = "(number > 1 OR id < ?)";

    private static final String AFTER_LABEL = "(number > 1 OR (step_number, label) > (?, ?))";

    private static final String VERDICTS = """
              FROM verdicts
             WHERE task_id = ?
               AND deleted_at IS NULL
            """;

    private static final String LABELS = """
              FROM step_labels
             WHERE task_id = ?
            """;

    private static final String NOTES = """
              FROM notes
             WHERE task_id = ?
            """;

    /** Most tasks have no judgements. One statement for these saves two round trips per report. */
    private static final String HAS_JUDGEMENTS = """
            SELECT
             WHERE EXISTS (SELECT FROM verdicts WHERE task_id = ? AND deleted_at IS NULL)
                OR EXISTS (SELECT FROM step_labels WHERE task_id = ?)
                OR EXISTS (SELECT FROM notes WHERE task_id = ?)
            """;

    private final Database database;

    public JudgementReader(Database database) {
        this.database = database;
    }

    /** All judgements of a task, which are read page by page during the iteration. */
    public record AllJudgements(Iterator<StoredVerdict> verdicts, Iterator<StepLabel> labels, Iterator<Note> notes) {
        /** Returns whether there are no judgements. Call this before the iteration. */
        public boolean isEmpty() {
            return !verdicts.hasNext() && !labels.hasNext() && !notes.hasNext();
        }
    }

    /** Returns the first {@value #MAX_LISTED} verdicts, labels and notes of a task, and their numbers. */
    public TaskJudgements read(UUID taskId) {
        return database.readInAutoCommit(base -> {
            Session session = base.useGenericPlans(); // any plan reads the rows of one task by an index
            if (!session.sql(HAS_JUDGEMENTS, taskId, taskId, taskId).hasRows()) {
                return TaskJudgements.NONE;
            }
            return new TaskJudgements(
                    list(session, taskId, VERDICTS, "judged_at DESC, id DESC", VerdictRepository.VERDICT),
                    list(session, taskId, LABELS, "step_number, label", StepLabelRepository.LABEL),
                    list(session, taskId, NOTES, "id", NoteRepository.NOTE));
        });
    }

    private static <R extends Record> Listed<R> list(
            Session session, UUID taskId, String from, String order, RecordMapper<R> mapper) throws SQLException {
        String sql = "SELECT " + mapper.columns() + "\n" + from + " ORDER BY " + order + "\n LIMIT " + MAX_LISTED;
        Listed<R> listed = Listed.of(session.sql(sql, taskId).list(mapper));
        return listed.total() < MAX_LISTED
                ? listed
                : new Listed<>(
                        listed.items(),
                        session.sql("SELECT count(*)\n" + from, taskId).single(row -> row.getLong(1)));
    }

    /** Returns all judgements of a task. Verdicts and notes are sorted by their ids, newest first. */
    public AllJudgements readAll(UUID taskId) {
        return readAll(List.of(taskId)).apply(taskId);
    }

    /**
     * Returns a function that returns all judgements of one of these tasks. One statement reads the judgements of
     * several tasks, so the caller must pass the tasks to the function in this order, and read all judgements of a task
     * before it passes the next one.
     */
    public Function<UUID, AllJudgements> readAll(List<UUID> taskIds) {
        ItemsOfTasks<StoredVerdict> verdicts = new ItemsOfTasks<>(
                database, taskIds, "verdicts", VerdictRepository.VERDICT, "id DESC", last -> new Conditions()
                        .and("deleted_at IS NULL")
                        .and(BEFORE_ID, last == null ? null : last.id()));
        ItemsOfTasks<StepLabel> labels = new ItemsOfTasks<>(
                database,
                taskIds,
                "step_labels",
                StepLabelRepository.LABEL,
                "step_number, label",
                last -> last == null
                        ? new Conditions()
                        : new Conditions().and(AFTER_LABEL, List.of(last.stepNumber(), last.label())));
        ItemsOfTasks<Note> notes =
                new ItemsOfTasks<>(database, taskIds, "notes", NoteRepository.NOTE, "id DESC", last -> new Conditions()
                        .and(BEFORE_ID, last == null ? null : last.id()));
        return taskId -> new AllJudgements(verdicts.of(taskId), labels.of(taskId), notes.of(taskId));
    }
}
