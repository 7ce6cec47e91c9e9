package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Whose are these tasks, those that are there, and which agents are these senders? Locks the tasks as {@link UpsertTasks} does
 * and in the same order, so that whoever has nothing but steps for them need not come back for that. All is asked at once.
 */
final class LockTasks {
    /** A row's lock alone would not keep out who makes a month, which locks the table against those who write to it. */
    private static final String SQL = """
            LOCK TABLE tasks IN ROW EXCLUSIVE MODE;
            SELECT task_id,
                   owner,
                   announced,
                   status = 'archived'    AS archived,
                   deleted_at IS NOT NULL AS deleted
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR NO KEY UPDATE;
            SELECT %s
              FROM agents
             WHERE sender_id = ANY (?)
            """.formatted(AgentColumns.ALL);

    /** The tasks that are there, by their ids, and the agents that are registered. */
    record Found(Map<UUID, KnownTask> tasks, Senders senders) {}

    private LockTasks() {}

    static Found in(Connection connection, Collection<MessageNames> names) throws SQLException {
        Object[] taskIds = names.stream()
                .flatMap(ofMessage -> ofMessage.taskIds().stream())
                .distinct()
                .toArray();
        Object[] senderIds = names.stream()
                .flatMap(ofMessage -> ofMessage.senderIds().stream())
                .distinct()
                .flatMap(id -> Stream.of(id, Senders.prefix(id)))
                .distinct()
                .toArray();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("uuid", taskIds));
            statement.setArray(2, connection.createArrayOf("text", senderIds));
            statement.execute();
            statement.getMoreResults();
            Map<UUID, KnownTask> tasks = tasks(statement);
            statement.getMoreResults();
            return new Found(tasks, senders(statement));
        }
    }

    private static Map<UUID, KnownTask> tasks(PreparedStatement statement) throws SQLException {
        Map<UUID, KnownTask> tasks = new HashMap<>();
        try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
                tasks.put(
                        rows.getObject("task_id", UUID.class),
                        new KnownTask(
                                rows.getString("owner"),
                                rows.getBoolean("announced"),
                                rows.getBoolean("archived"),
                                rows.getBoolean("deleted")));
            }
        }
        return tasks;
    }

    private static Senders senders(PreparedStatement statement) throws SQLException {
        List<Agent> agents = new ArrayList<>();
        try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
                agents.add(AgentColumns.agent(rows));
            }
        }
        return new Senders(agents);
    }
}
