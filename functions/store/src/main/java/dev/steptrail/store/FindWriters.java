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

/** Which of these tasks are there, and whose are they? Which agents are these senders? Both are asked at once. */
final class FindWriters {
    private static final String SQL = """
            SELECT task_id,
                   owner,
                   announced,
                   deleted_at IS NOT NULL AS deleted
              FROM tasks
             WHERE task_id = ANY (?);
            SELECT %s
              FROM agents
             WHERE sender_id = ANY (?)
            """.formatted(AgentColumns.ALL);

    /** The tasks that are there, by their ids, and the agents that are registered. */
    record Found(Map<UUID, KnownTask> tasks, Senders senders) {}

    private FindWriters() {}

    static Found in(Connection connection, Collection<UUID> taskIds, Collection<String> senderIds) throws SQLException {
        Object[] names = senderIds.stream()
                .flatMap(id -> Stream.of(id, Senders.prefix(id)))
                .distinct()
                .toArray();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("uuid", taskIds.toArray()));
            statement.setArray(2, connection.createArrayOf("text", names));
            statement.execute();
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
                                rows.getString("owner"), rows.getBoolean("announced"), rows.getBoolean("deleted")));
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
