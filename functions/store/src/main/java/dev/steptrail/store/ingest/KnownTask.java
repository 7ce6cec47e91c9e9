package dev.steptrail.store.ingest;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a writer must know of a task that is there.
 *
 * @param announced whether its task_started has arrived
 * @param archived whether its rows are away, but for those of late steps
 * @param deleted whether only its tombstone is left
 */
record KnownTask(String owner, boolean announced, boolean archived, boolean deleted) {
    static final String COLUMNS = """
            task_id,
                   owner,
                   announced,
                   status = 'archived'    AS archived,
                   deleted_at IS NOT NULL AS deleted""";

    static KnownTask of(ResultSet row) throws SQLException {
        return new KnownTask(
                row.getString("owner"),
                row.getBoolean("announced"),
                row.getBoolean("archived"),
                row.getBoolean("deleted"));
    }
}
