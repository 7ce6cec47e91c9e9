package dev.steptrail.store.ingest;

import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.Senders;
import dev.steptrail.store.model.TasksTable;
import dev.steptrail.store.retention.ArchivedRowDeleter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Whose are these tasks, which agents are these senders, and which of these steps are there? All in one round trip, and before
 * anybody knows what of the batch may be: so it reads no more of a step than its number.
 *
 * <p>Until the transaction ends nobody takes the rows of these tasks away ({@link ArchivedRowDeleter}); others who write to them may
 * come in between, so what this found is looked at again when the steps are counted ({@link TaskWriter#lockAndCount}).
 */
final class LookUpBatch {
    /**
     * OFFSET 0 keeps the planner to one index probe a run, whatever its statistics say of a table that just grew. A probe for
     * each key took 5.7 ms for 1000 keys that are not there, one for each of their 50 runs 0.4 ms. The least and the greatest id
     * let it see, before it plans, which months there are to look at: to plan for all of 26 took longer than to look.
     */
    private static final String SQL =
            """
            SELECT set_config('statement_timeout', ?, true);
            %s;
            SELECT %s
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR KEY SHARE;
            SELECT %s
              FROM agents
             WHERE sender_id = ANY (?);
            SELECT s.*
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT task_id, step_number
                                   FROM task_steps
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                    AND task_id BETWEEN ? AND ?
                                 OFFSET 0) AS s
            """.formatted(TasksTable.LOCK, KnownTask.COLUMNS, "sender_id, owner, on_behalf_of");

    /**
     * What is there.
     *
     * @param tasks by their ids
     * @param senders the agents that are registered
     * @param steps the numbers of those steps, by their tasks
     */
    record Found(Map<UUID, KnownTask> tasks, Senders senders, Map<UUID, Set<Integer>> steps) {}

    private LookUpBatch() {}

    /** @param most how long a statement of this transaction may take */
    static Found in(Connection connection, Collection<MessageNames> names, Duration most) throws SQLException {
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
            if (most.toMillis() <= 0) {
                throw new SQLException("no time is left", "57014");
            }
            statement.setString(1, String.valueOf(most.toMillis()));
            statement.setArray(2, connection.createArrayOf("uuid", taskIds));
            statement.setArray(3, connection.createArrayOf("text", senderIds));
            StepRun.bind(statement, 4, names.stream().flatMap(ofMessage -> ofMessage.steps().stream()));
            statement.execute();
            statement.getMoreResults();
            statement.getMoreResults();
            Map<UUID, KnownTask> tasks = tasks(statement);
            statement.getMoreResults();
            Senders senders = senders(statement);
            statement.getMoreResults();
            return new Found(tasks, senders, steps(statement));
        }
    }

    private static Map<UUID, Set<Integer>> steps(PreparedStatement statement) throws SQLException {
        Map<UUID, Set<Integer>> steps = new HashMap<>();
        try (ResultSet rows = statement.getResultSet()) {
            while (rows.next()) {
                steps.computeIfAbsent(rows.getObject("task_id", UUID.class), id -> new HashSet<>())
                        .add(rows.getInt("step_number"));
            }
        }
        return steps;
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
                agents.add(Agent.of(rows));
            }
        }
        return new Senders(agents);
    }
}
