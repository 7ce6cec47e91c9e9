package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.ArchiveKeys;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which of these objects under {@code archive/} does nobody need? Those that no row of archives names: a run was cut off before it
 * noted a part, or a part was forgotten. But never the next part of a task that is not deleted: retention may be storing it
 * anew just now, and takes its place if not.
 */
public final class FindStrayArchives {
    private static final String PARTS = """
            SELECT key
              FROM archives
             WHERE task_id = ANY (?)
            """;

    private static final String NEXT = """
            SELECT task_id,
                   owner,
                   %s AS part
              FROM tasks AS t
             WHERE task_id = ANY (?)
               AND deleted_at IS NULL
            """.formatted(RetentionRules.NEXT_PART);

    private final Database database;

    public FindStrayArchives(Database database) {
        this.database = database;
    }

    /**
     * Those of these keys.
     *
     * @param tasks by key, as {@link ArchiveKeys#taskOf} reads them
     */
    public List<String> of(Map<String, UUID> tasks) {
        return database.read(connection -> {
            Set<String> needed = new HashSet<>();
            try (PreparedStatement parts = connection.prepareStatement(PARTS);
                    PreparedStatement next = connection.prepareStatement(NEXT)) {
                parts.setArray(
                        1, connection.createArrayOf("uuid", tasks.values().toArray()));
                next.setArray(1, connection.createArrayOf("uuid", tasks.values().toArray()));
                // This first: what is no longer the next part then has been noted, and is found after.
                try (ResultSet rows = next.executeQuery()) {
                    while (rows.next()) {
                        needed.add(ArchiveKeys.of(
                                rows.getString("owner"), rows.getObject("task_id", UUID.class), rows.getInt("part")));
                    }
                }
                try (ResultSet rows = parts.executeQuery()) {
                    while (rows.next()) {
                        needed.add(rows.getString("key"));
                    }
                }
            }
            List<String> stray = new ArrayList<>(tasks.keySet());
            stray.removeAll(needed);
            return stray;
        });
    }
}
