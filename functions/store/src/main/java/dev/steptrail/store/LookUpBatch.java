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
 * Whose are these tasks, which agents are these senders, and which of these steps are there? All in one round trip.
 *
 * <p>Until the transaction ends nobody takes the rows of these tasks away or has them to himself ({@link LockTasks}); others who
 * write steps of them may come in between, so what this found is looked at again when the steps are counted ({@link AddCounters}).
 */
final class LookUpBatch {
    /** A row's lock alone would not keep out who makes a month, which locks the table against those who write to it. */
    private static final String SQL = """
            LOCK TABLE tasks IN ROW EXCLUSIVE MODE;
            SELECT %s
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR KEY SHARE;
            SELECT %s
              FROM agents
             WHERE sender_id = ANY (?);
            %s
            """.formatted(KnownTask.COLUMNS, AgentColumns.ALL, FindSteps.STEPS);

    /**
     * @param tasks those that are there, by their ids
     * @param senders the agents that are registered
     * @param steps those that are there
     */
    record Found(Map<UUID, KnownTask> tasks, Senders senders, Collection<StoredStep> steps) {}

    private LookUpBatch() {}

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
            FindSteps.bind(statement, 3, names.stream().flatMap(ofMessage -> ofMessage.steps().stream()));
            statement.execute();
            statement.getMoreResults();
            Map<UUID, KnownTask> tasks = tasks(statement);
            statement.getMoreResults();
            Senders senders = senders(statement);
            statement.getMoreResults();
            return new Found(tasks, senders, FindSteps.found(connection, statement));
        }
    }

    private static Map<UUID, KnownTask> tasks(PreparedStatement statement) throws SQLException {
        Map<UUID, KnownTask> tasks = new HashMap<>();
        try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
                tasks.put(rows.getObject("task_id", UUID.class), KnownTask.of(rows));
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
