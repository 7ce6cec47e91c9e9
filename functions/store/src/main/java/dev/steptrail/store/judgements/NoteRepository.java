package dev.steptrail.store.judgements;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Conditions;
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

/** Adds, lists, edits and deletes notes on tasks and steps. Performs no authorization. */
public final class NoteRepository {
    public static final int MAX_LENGTH = 10_000;

    /** The maximum number of notes on a task and its steps. */
    public static final int MAX_NOTES = 1000;

    static final RecordMapper<Note> NOTE = RecordMapper.of(Note.class);

    private static final String INSERT = """
            INSERT INTO notes (task_id, step_number, author, text)
            VALUES (?, ?, ?, ?)
            RETURNING %s
            """.formatted(NOTE.columns());

    private static final String COUNT = "SELECT count(*) FROM notes WHERE task_id = ?";

    private static final String FIND = """
            SELECT %s
              FROM notes
             WHERE id = ?
               AND task_id = ?
            """.formatted(NOTE.columns());

    private static final String EDIT = """
            UPDATE notes
               SET text      = ?,
                   edited_at = now()
             WHERE id = ?
               AND task_id = ?
            RETURNING %s
            """.formatted(NOTE.columns());

    private static final String DELETE = """
            DELETE FROM notes
             WHERE id = ?
               AND task_id = ?
            RETURNING %s
            """.formatted(NOTE.columns());

    private final Database database;

    public NoteRepository(Database database) {
        this.database = database;
    }

    /**
     * A note.
     *
     * @param stepNumber null for a note on the task
     * @param author the subject of the token
     * @param editedAt the time of the last edit; null if there was none
     */
    public record Note(
            long id,
            @Nullable Integer stepNumber,
            String author,
            String text,
            Instant createdAt,
            @Nullable Instant editedAt) {}

    /**
     * Adds a note, and records it in the audit log without its text.
     *
     * @param stepNumber null for a note on the task
     * @return empty if the task has no such step, or was deleted
     * @throws TaskFullException if the task has {@value #MAX_NOTES} notes
     */
    public Optional<Note> add(UUID taskId, @Nullable Integer stepNumber, String text, String author) {
        return TaskChanges.run(database, taskId, session -> {
            if (stepNumber != null && !TaskChanges.hasStep(session, taskId, stepNumber)) {
                return Optional.empty();
            }
            if (session.sql(COUNT, taskId).single(row -> row.getInt(1)) >= MAX_NOTES) {
                throw new TaskFullException();
            }
            Optional<Note> added =
                    session.sql(INSERT, taskId, stepNumber, author, text).first(NOTE);
            return recordChange(session, "add_note", taskId, added, author);
        });
    }

    /** Returns a page of the notes on a task and its steps, newest first. */
    public Page<Note> page(UUID taskId, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions().and("task_id = ?", taskId);
        return Page.newestFirst(
                database, NOTE, "notes", conditions, before, limit, note -> Page.length(note.author(), note.text()));
    }

    public Optional<Note> find(UUID taskId, long id) {
        return database.lookUp(session -> session.sql(FIND, id, taskId).first(NOTE));
    }

    /**
     * Changes the text of a note, and records the change in the audit log without the text.
     *
     * @return the changed note; empty if the task has no such note
     */
    public Optional<Note> edit(UUID taskId, long id, String text, String caller) {
        return TaskChanges.run(database, taskId, session -> {
            Optional<Note> edited = session.sql(EDIT, text, id, taskId).first(NOTE);
            return recordChange(session, "edit_note", taskId, edited, caller);
        });
    }

    /**
     * Deletes a note, and records the deletion in the audit log.
     *
     * @return false if the task has no such note
     */
    public boolean delete(UUID taskId, long id, String caller) {
        return TaskChanges.run(database, taskId, session -> {
                    Optional<Note> deleted = session.sql(DELETE, id, taskId).first(NOTE);
                    return recordChange(session, "delete_note", taskId, deleted, caller);
                })
                .isPresent();
    }

    private static Optional<Note> recordChange(
            Session session, String action, UUID taskId, Optional<Note> changed, String caller) throws SQLException {
        if (changed.isPresent()) {
            TaskChanges.markJudged(session, taskId);
            Map<String, Object> detail = Map.of(
                    "note_id", changed.get().id(), "author", changed.get().author());
            AuditLog.addInTransaction(session, new AuditEntry(caller, action, taskId, detail));
        }
        return changed;
    }
}
