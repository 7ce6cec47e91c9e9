package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Archive;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Where are the rows of this archived task? */
public final class FindArchives {
    private static final String SQL = """
            SELECT part, key, sha256, steps, screenshots, total_steps
              FROM archives
             WHERE task_id = ?
               AND state = 'archived'
             ORDER BY part
            """;

    private final Database database;

    public FindArchives(Database database) {
        this.database = database;
    }

    /** The parts that hold them, in their order; none where all rows are here. */
    public List<Archive> of(UUID taskId) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setObject(1, taskId);
                List<Archive> archives = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        archives.add(new Archive(
                                taskId,
                                rows.getInt("part"),
                                rows.getString("key"),
                                rows.getString("sha256"),
                                rows.getInt("steps"),
                                rows.getInt("screenshots"),
                                rows.getInt("total_steps")));
                    }
                }
                return archives;
            }
        });
    }
}
