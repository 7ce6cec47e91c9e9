package dev.steptrail.store.retention;

import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.ObjectKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds orphans: objects in the bucket that no row references. An object of a deleted task is an orphan at once. Any
 * other object is an orphan only if it is so old that no message in transit can reference it. Objects that a rejected
 * message may reference are not orphans: those of the message's task or, if its task is unknown, of its sender.
 */
public final class OrphanRepository {
    /** EXCEPT reads each side once. With NOT EXISTS, PostgreSQL took over a minute for a page of 1000 tasks. */
    private static final String FIND = """
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

    private static final String FIND_SCREENSHOTS = FIND.formatted("""
            SELECT unnest(ARRAY[screenshot_path, thumbnail_path])
              FROM step_screenshots
             WHERE task_id = ANY (?)
            """);

    /**
     * The references of archived rows can be read only from the archive, so all attachments of an archived task are
     * kept.
     */
    private static final String FIND_ATTACHMENTS = FIND.formatted("""
            SELECT key
              FROM listed
             WHERE is_archived
            UNION ALL
            SELECT attachment ->> 'path'
              FROM task_steps
             CROSS JOIN LATERAL json_array_elements(step_data -> 'attachments') AS attachment
             WHERE task_id = ANY (?)
            UNION ALL
            SELECT attachment ->> 'path'
              FROM tasks
             CROSS JOIN LATERAL (VALUES (extra_start_fields), (extra_end_fields)) AS extra (fields)
             CROSS JOIN LATERAL json_array_elements(fields -> 'attachments') AS attachment
             WHERE task_id = ANY (?)
            """);

    private static final String ARCHIVE_KEYS = """
            SELECT key
              FROM archives
             WHERE task_id = ANY (?)
            """;

    private static final String NEXT_PARTS = """
            SELECT task_id,
                   owner,
                   %s AS part
              FROM tasks AS t
             WHERE task_id = ANY (?)
               AND deleted_at IS NULL
            """.formatted(RetentionSql.NEXT_PART);

    private final Database database;

    public OrphanRepository(Database database) {
        this.database = database;
    }

    /**
     * An object of a task, parsed from its key.
     *
     * @param isOld whether the object is so old that no message that references it can be in transit
     */
    public record StoredObject(String key, String sender, UUID taskId, boolean isOld) {
        /** Parses {@code <folder>/<sender>/<task_id>/<file>}; empty for other keys, and those with U+0000. */
        public static Optional<StoredObject> of(String key, boolean isOld) {
            String sender = ObjectKeys.senderId(key);
            return sender == null || key.indexOf('\0') >= 0
                    ? Optional.empty()
                    : TaskId.parse(key.split("/", -1)[2]).map(taskId -> new StoredObject(key, sender, taskId, isOld));
        }
    }

    /** Returns the keys of the orphans among these screenshots and thumbnails. */
    public List<String> findScreenshots(Collection<StoredObject> objects) {
        return find(FIND_SCREENSHOTS, objects, 1);
    }

    public List<String> findAttachments(Collection<StoredObject> objects) {
        return find(FIND_ATTACHMENTS, objects, 2);
    }

    private List<String> find(String sql, Collection<StoredObject> objects, int taskIdParameters) {
        List<UUID> taskIds = objects.stream()
                .filter(StoredObject::isOld)
                .map(StoredObject::taskId)
                .distinct()
                .toList();
        List<Object> parameters = new ArrayList<>(List.of(
                Sql.column("text", objects, StoredObject::key),
                Sql.column("text", objects, StoredObject::sender),
                Sql.column("uuid", objects, StoredObject::taskId),
                Sql.column("boolean", objects, StoredObject::isOld)));
        for (int i = 0; i < taskIdParameters; i++) {
            parameters.add(Sql.array("uuid", taskIds));
        }
        return database.read(session -> session.sql(sql, parameters.toArray()).list(row -> row.getString("key")));
    }

    /**
     * Returns the keys of archives that no row references, because retention was interrupted before it recorded the
     * part, or the part was dropped later. The next part of a task that is not deleted is not an orphan, because
     * retention may be storing it.
     *
     * @param tasks the task ids by key, as {@link ArchiveKeys#taskOf} returns them
     */
    public List<String> findArchives(Map<String, UUID> tasks) {
        return database.read(session -> {
            // NEXT_PARTS runs first, so that ARCHIVE_KEYS finds a part that is recorded in between.
            Set<String> referenced = new HashSet<>(session.sql(NEXT_PARTS, Sql.array("uuid", tasks.values()))
                    .list(row -> ArchiveKeys.of(
                            row.getString("owner"), row.getObject("task_id", UUID.class), row.getInt("part"))));
            referenced.addAll(
                    session.sql(ARCHIVE_KEYS, Sql.array("uuid", tasks.values())).list(row -> row.getString("key")));
            return tasks.keySet().stream()
                    .filter(key -> !referenced.contains(key))
                    .toList();
        });
    }
}
