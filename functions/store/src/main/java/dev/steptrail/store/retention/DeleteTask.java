package dev.steptrail.store.retention;

import dev.steptrail.store.admin.InsertAudit;
import dev.steptrail.store.ingest.AddCounters;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.ObjectToDelete;
import dev.steptrail.store.model.Senders;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a task: all rows that tell of it at once, and its objects within the hour or so, by {@code objects_to_delete}. What
 * stays is its id, its owner and when it was deleted, so that what comes late for it is known and dropped.
 */
public final class DeleteTask {
    /** First of all: a writer of steps who had looked at the task before looks again once it counts them ({@link AddCounters}). */
    private static final String MARK = """
            UPDATE tasks
               SET status     = 'deleted',
                   deleted_at = now()
             WHERE task_id = ?
               AND deleted_at IS NULL
            RETURNING owner,
                      started_fields ->> 'payload_path' AS started_path,
                      ended_fields   ->> 'payload_path' AS ended_path,
                      losses         ->> 'payload_path' AS losses_path
            """;

    private static final String ARCHIVES = """
            DELETE FROM archives
             WHERE task_id = ?
            RETURNING key
            """;

    private static final String ERASE = """
            UPDATE tasks
               SET name                = NULL,
                   description         = NULL,
                   agent               = NULL,
                   model               = NULL,
                   device_id           = NULL,
                   message             = NULL,
                   ending              = NULL,
                   continues           = NULL,
                   announced           = false,
                   started_at          = deleted_at,
                   ended_at            = NULL,
                   last_step_at        = NULL,
                   last_step_number    = NULL,
                   received_at         = deleted_at,
                   total_steps         = 0,
                   successful_steps    = 0,
                   failed_steps        = 0,
                   total_duration_ms   = 0,
                   dropped_steps       = 0,
                   dropped_screenshots = 0,
                   conflicts           = 0,
                   keep                = false,
                   metadata            = NULL,
                   losses              = NULL,
                   started_fields      = NULL,
                   ended_fields        = NULL,
                   archived_status     = NULL,
                   restored_at         = NULL
             WHERE task_id = ?
            """;

    private final Database database;

    public DeleteTask(Database database) {
        this.database = database;
    }

    /** @param senders under whom objects of it lie, as far as its own row tells */
    private record Marked(String owner, Set<String> senders) {}

    /**
     * Deletes it, whoever's it is, and writes down who did.
     *
     * @param caller who asked for it
     * @return false if there is no such task, or it was deleted before
     */
    public boolean of(UUID taskId, String caller) {
        return database.inTransaction(connection -> {
            Marked task = mark(connection, taskId);
            if (task == null) {
                return false;
            }
            Set<String> senders = new HashSet<>(task.senders());
            senders.addAll(DeleteRowsOfTask.in(connection, taskId));
            senders.addAll(FindSendersOfOwner.in(connection, task.owner()));
            List<ObjectToDelete> objects = archives(connection, taskId);
            objects.addAll(folders(taskId, task.owner(), senders));
            AddObjectsToDelete.in(connection, objects);
            erase(connection, taskId);
            InsertAudit.in(connection, new AuditEntry(caller, "delete_task", taskId, Map.of()));
            return true;
        });
    }

    private static @Nullable Marked mark(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            statement.setObject(1, taskId);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                Set<String> senders = new HashSet<>();
                for (String path : List.of("started_path", "ended_path", "losses_path")) {
                    String sender = Senders.ofKey(row.getString(path));
                    if (sender != null) {
                        senders.add(sender);
                    }
                }
                return new Marked(row.getString("owner"), senders);
            }
        }
    }

    /**
     * Its archives, wherever they lie: the task may have had another owner when they were made. As what keys begin with, since
     * of a key by itself only that object goes which was there for a minute.
     */
    private static List<ObjectToDelete> archives(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ARCHIVES)) {
            statement.setObject(1, taskId);
            List<ObjectToDelete> objects = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    objects.add(new ObjectToDelete(rows.getString("key"), true));
                }
            }
            return objects;
        }
    }

    /** Its folders, and not the objects in them one by one: there may be some that no row names. */
    private static Collection<ObjectToDelete> folders(UUID taskId, String owner, Set<String> senders) {
        List<ObjectToDelete> objects = new ArrayList<>();
        for (String sender : senders) {
            objects.add(new ObjectToDelete("screenshots/" + sender + "/" + taskId + "/", true));
            objects.add(new ObjectToDelete("payloads/" + sender + "/" + taskId + "/", true));
        }
        objects.add(new ObjectToDelete(ArchiveKeys.prefix(owner, taskId), true));
        String exports = "exports/" + ArchiveKeys.folder(owner) + "/";
        objects.add(new ObjectToDelete(exports + taskId, true));
        objects.add(new ObjectToDelete(exports + "tasks.", true)); // of many tasks, which may hold this one
        objects.add(new ObjectToDelete("exports/tasks.", true));
        return objects;
    }

    private static void erase(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ERASE)) {
            statement.setObject(1, taskId);
            statement.executeUpdate();
        }
    }
}
