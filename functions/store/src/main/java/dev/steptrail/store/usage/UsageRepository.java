package dev.steptrail.store.usage;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads the tokens of tasks, and the costs of tasks and steps by the current prices. */
public final class UsageRepository {
    /** One row per task and currency. */
    private static final String OF_TASKS = """
            SELECT t.task_id,
                   cost.currency,
                   sum(u.input_tokens)::bigint       AS input_tokens,
                   sum(u.cached_tokens)::bigint      AS cached_tokens,
                   sum(u.output_tokens)::bigint      AS output_tokens,
                   sum(cost.amount)                  AS amount,
                   sum(cost.unpriced_tokens)::bigint AS unpriced_tokens
              FROM tasks AS t
              JOIN task_usage AS u USING (task_id)
             CROSS JOIN LATERAL usage_cost(t.model, u.day, u.input_tokens, u.cached_tokens, u.output_tokens) AS cost
             WHERE t.task_id = ANY (?)
             GROUP BY t.task_id, cost.currency
            """;

    /** The last condition is that of {@code TaskWriter}. */
    private static final String OF_STEPS = """
            SELECT s.step_number,
                   cost.*
              FROM tasks AS t
              JOIN task_steps AS s USING (task_id)
             CROSS JOIN LATERAL usage_cost(t.model,
                                           (s.created_at AT TIME ZONE 'UTC')::date,
                                           coalesce(s.input_tokens, 0),
                                           coalesce(s.cached_tokens, 0),
                                           coalesce(s.output_tokens, 0)) AS cost
             WHERE s.task_id = ?
               AND s.step_number = ANY (?)
               AND num_nonnulls(s.input_tokens, s.cached_tokens, s.output_tokens) > 0
            """;

    private final Database database;

    public UsageRepository(Database database) {
        this.database = database;
    }

    /** Returns the usage of these tasks, in one query. Tasks without known tokens are absent. */
    public Map<UUID, TaskUsage> ofTasks(Collection<UUID> taskIds) {
        if (taskIds.isEmpty()) {
            return Map.of();
        }
        return database.readInAutoCommit(session -> {
            Map<UUID, TaskUsage> usage = new HashMap<>();
            session.useGenericPlans().sql(OF_TASKS, Sql.array("uuid", taskIds)).forEach(row -> {
                TaskUsage ofCurrency = new TaskUsage(
                        row.getLong("input_tokens"),
                        row.getLong("cached_tokens"),
                        row.getLong("output_tokens"),
                        Cost.ROW.map(row));
                usage.merge(row.getObject("task_id", UUID.class), ofCurrency, TaskUsage::plus);
            });
            return usage;
        });
    }

    /** Returns the usage of a task; empty if none of its tokens are known. */
    public Optional<TaskUsage> ofTask(UUID taskId) {
        return Optional.ofNullable(ofTasks(List.of(taskId)).get(taskId));
    }

    /** Returns the costs of these steps of a task, by number. Steps without known tokens are absent. */
    public Map<Integer, Cost> ofSteps(UUID taskId, Collection<Integer> numbers) {
        if (numbers.isEmpty()) {
            return Map.of();
        }
        return database.readInAutoCommit(session -> {
            Map<Integer, Cost> costs = new HashMap<>();
            session.sql(OF_STEPS, taskId, Sql.array("integer", numbers))
                    .forEach(row -> costs.put(row.getInt("step_number"), Cost.ROW.map(row)));
            return costs;
        });
    }
}
