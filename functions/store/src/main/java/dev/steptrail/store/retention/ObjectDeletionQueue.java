package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The queue of objects to delete from the bucket, because the rows that referenced them were deleted. */
public final class ObjectDeletionQueue {
    private static final RecordMapper<QueuedDeletion> QUEUED = RecordMapper.of(QueuedDeletion.class);

    private static final String TASK = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** The prefixes that may be queued, which belong to one task or to exports of many tasks. */
    private static final Pattern PREFIX = Pattern.compile(
            "(screenshots|attachments)/.+/%1$s/|archive/[\\w%%-]+/%1$s((\\.[1-9][0-9]*)?\\.jsonl\\.gz)?|exports/[\\w%%-]+/%1$s|exports/([\\w%%-]+/)?tasks\\."
                    .formatted(TASK),
            Pattern.DOTALL);

    /** The keys that may be queued, which belong to one task. */
    private static final Pattern KEY = Pattern.compile(
            "screenshots/.+/%1$s/.+|archive/.+/%1$s.*\\.jsonl\\.gz".formatted(".{8}(-.{4}){3}-.{12}"), Pattern.DOTALL);

    private static final String INSERT = """
            INSERT INTO objects_to_delete (key, is_prefix)
            SELECT DISTINCT o.key, o.is_prefix
              FROM unnest(?::text[], ?::boolean[]) AS o (key, is_prefix)
             ORDER BY o.key
            ON CONFLICT (key) DO NOTHING
            """;

    private static final String LIST = """
            SELECT %s
              FROM objects_to_delete
             WHERE key > ?
             ORDER BY key
             LIMIT ?
            """.formatted(QUEUED.columns());

    private static final String DELETE = """
            DELETE FROM objects_to_delete
             WHERE key = ANY (?)
            """;

    private final Database database;

    public ObjectDeletionQueue(Database database) {
        this.database = database;
    }

    /**
     * Objects to delete.
     *
     * @param key an S3 key or a prefix
     * @param isPrefix whether to delete all objects whose keys have this prefix at the time of the deletion
     */
    record Entry(String key, boolean isPrefix) {}

    /**
     * An entry in the queue.
     *
     * @param addedAt the start time of the transaction that added the entry; objects that were stored later are kept
     */
    public record QueuedDeletion(String key, boolean isPrefix, Instant addedAt) {
        /**
         * Returns whether the key or prefix is one that Steptrail queues. A constraint of the table requires the same.
         * The caller must check it before it deletes objects, because a short prefix would match objects of all tasks.
         */
        public boolean isDeletable() {
            return (isPrefix ? PREFIX : KEY).matcher(key).matches();
        }
    }

    /** Adds entries in the transaction that deletes the rows. Ignores entries whose key is already queued. */
    static void add(Session session, Collection<Entry> entries) throws SQLException {
        session.sql(INSERT, Sql.column("text", entries, Entry::key), Sql.column("boolean", entries, Entry::isPrefix))
                .update();
    }

    /**
     * Returns entries in the order of their keys.
     *
     * @param after the last key of the previous call; null for the first call
     */
    public List<QueuedDeletion> list(@Nullable String after, int limit) {
        return database.read(
                session -> session.sql(LIST, after == null ? "" : after, limit).list(QUEUED));
    }

    public void remove(Collection<QueuedDeletion> deleted) {
        database.inTransaction(session -> session.sql(DELETE, Sql.column("text", deleted, QueuedDeletion::key))
                .update());
    }
}
