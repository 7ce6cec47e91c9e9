package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.PageIterator;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.LabelKey;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.judgements.TaskJudgements.Listed;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.UUID;

/** Reads the judgements of a task, for reports and exports. */
public final class JudgementReader {
    /** The maximum length of each list in a report. */
    static final int MAX_LISTED = 1000;

    private static final int PAGE_SIZE = 100;

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
    private final VerdictRepository verdicts;
    private final StepLabelRepository labels;
    private final NoteRepository notes;

    public JudgementReader(Database database) {
        this.database = database;
        this.verdicts = new VerdictRepository(database);
        this.labels = new StepLabelRepository(database);
        this.notes = new NoteRepository(database);
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
        return new AllJudgements(
                new PageIterator<>(last -> verdicts.page(taskId, last == null ? null : last.id(), PAGE_SIZE)),
                new PageIterator<>(last -> labels.page(
                        taskId, last == null ? null : new LabelKey(last.stepNumber(), last.label()), PAGE_SIZE)),
                new PageIterator<>(last -> notes.page(taskId, last == null ? null : last.id(), PAGE_SIZE)));
    }
}
