package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.ShareColumns;
import dev.steptrail.store.model.ShareLink;
import java.sql.PreparedStatement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which links to this task were made, newest first? */
public final class ListShares {
    private static final String SQL = """
            SELECT %s
              FROM share_links
             WHERE task_id = ?
               AND id < ?
             ORDER BY id DESC
             LIMIT ?
            """.formatted(ShareColumns.ALL);

    private final Database database;

    public ListShares(Database database) {
        this.database = database;
    }

    /**
     * A page of them.
     *
     * @param before the id with which the page before ended, or null for the first
     * @param limit at least 1
     */
    public Page<ShareLink> page(UUID taskId, @Nullable Long before, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setObject(1, taskId);
                statement.setLong(2, before == null ? Long.MAX_VALUE : before);
                statement.setInt(3, limit + 1);
                return PageReader.read(
                        statement, limit, ShareColumns::share, share -> PageReader.length(share.createdBy()));
            }
        });
    }
}
