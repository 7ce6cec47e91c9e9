package dev.steptrail.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which of these objects does nobody need? Old ones that no row names, and all of deleted tasks, since no message can name
 * them any more. Needed is also what a rejected message may name that can still be sent again: one of the same sender, and of
 * the same task or of nobody knows which.
 */
public final class FindOrphans {
    private static final String SQL = """
            WITH named (key) AS (%s)
            SELECT o.key
              FROM unnest(?::text[], ?::text[], ?::uuid[], ?::boolean[]) AS o (key, sender, task_id, is_old)
              LEFT JOIN tasks AS t USING (task_id)
             WHERE t.status = 'deleted'
                OR o.is_old
                   AND NOT EXISTS (SELECT FROM named AS n WHERE n.key = o.key)
                   AND NOT EXISTS (SELECT
                                     FROM rejected_messages AS r
                                    WHERE r.sender_id = o.sender
                                      AND (r.task_id = o.task_id OR r.task_id IS NULL))
            """;

    private static final String SCREENSHOTS = SQL.formatted("""
            SELECT unnest(ARRAY[screenshot_path, thumbnail_path])
              FROM step_screenshots
             WHERE task_id = ANY (?)
            """);

    private static final String PAYLOADS = SQL.formatted("""
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
                for (int place = 1; place <= placesOfTaskIds; place++) {
                    statement.setArray(place, connection.createArrayOf("uuid", taskIds));
                }
                Columns<StoredObject> columns = new Columns<>(statement, objects, placesOfTaskIds);
                columns.set("text", StoredObject::key);
                columns.set("text", StoredObject::sender);
                columns.set("uuid", StoredObject::taskId);
                columns.set("boolean", StoredObject::isOld);
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
