package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which of these objects does nobody need? Old ones that no row names, and all of deleted tasks, since no message can name
 * them any more. Needed is also what a rejected message may name that can still be sent again: one of the same task, whichever
 * session of its owner sent it, or, where nobody knows of which task it is, one of the same sender.
 */
public final class FindOrphans {
    /**
     * By EXCEPT, which reads each side once. Asked by NOT EXISTS, Postgres may compare each object with each name: a page of 1000
     * tasks took it over a minute.
     */
    private static final String SQL = """
            WITH listed AS MATERIALIZED (
                SELECT o.key,
                       o.sender,
                       o.task_id,
                       o.is_old,
                       coalesce(t.status = 'deleted', false)  AS is_deleted,
                       coalesce(t.status = 'archived', false) AS is_archived
                  FROM unnest(?::text[], ?::text[], ?::uuid[], ?::boolean[]) AS o (key, sender, task_id, is_old)
                  LEFT JOIN tasks AS t USING (task_id)
            )
            SELECT key
              FROM listed
             WHERE is_deleted
            UNION ALL
            (SELECT key
               FROM listed AS l
              WHERE l.is_old
                AND NOT l.is_deleted
                AND NOT EXISTS (SELECT
                                  FROM rejected_messages AS r
                                 WHERE r.task_id = l.task_id)
                AND NOT EXISTS (SELECT
                                  FROM rejected_messages AS r
                                 WHERE r.sender_id = l.sender
                                   AND r.task_id IS NULL)
             EXCEPT
             (%s))
            """;

    private static final String SCREENSHOTS = SQL.formatted("""
            SELECT unnest(ARRAY[screenshot_path, thumbnail_path])
              FROM step_screenshots
             WHERE task_id = ANY (?)
            """);

    /** What rows of an archived task name is read nowhere but in the archive, so all of them stay. */
    private static final String PAYLOADS = SQL.formatted("""
            SELECT key
              FROM listed
             WHERE is_archived
            UNION ALL
            SELECT step_data ->> 'payload_path'
              FROM task_steps
             WHERE task_id = ANY (?)
            UNION ALL
            SELECT unnest(ARRAY[started_fields ->> 'payload_path',
                                ended_fields   ->> 'payload_path',
                                losses         ->> 'payload_path'])
              FROM tasks
             WHERE task_id = ANY (?)
            """);

    private final Database database;

    public FindOrphans(Database database) {
        this.database = database;
    }

    /** The keys of those of these screenshots and thumbnails. */
    public List<String> ofScreenshots(Collection<StoredObject> objects) {
        return keys(SCREENSHOTS, 1, objects);
    }

    /** The keys of those of these records. */
    public List<String> ofPayloads(Collection<StoredObject> objects) {
        return keys(PAYLOADS, 2, objects);
    }

    private List<String> keys(String sql, int placesOfTaskIds, Collection<StoredObject> objects) {
        Object[] taskIds = objects.stream()
                .filter(StoredObject::isOld)
                .map(StoredObject::taskId)
                .distinct()
                .toArray();
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                Columns<StoredObject> columns = new Columns<>(statement, objects);
                columns.set("text", StoredObject::key);
                columns.set("text", StoredObject::sender);
                columns.set("uuid", StoredObject::taskId);
                columns.set("boolean", StoredObject::isOld);
                for (int place = 5; place < 5 + placesOfTaskIds; place++) {
                    statement.setArray(place, connection.createArrayOf("uuid", taskIds));
                }
                List<String> keys = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        keys.add(rows.getString("key"));
                    }
                }
                return keys;
            }
        });
    }
}
