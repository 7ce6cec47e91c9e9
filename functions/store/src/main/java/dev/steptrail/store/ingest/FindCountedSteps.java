package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which of these steps have been there once, and have no row now? Those that the statistics count, and no task is archived before all its steps are
 * counted: of an archived task, such a step without a row is in the archive.
 */
final class FindCountedSteps {
    private static final String SQL = """
            WITH counted AS MATERIALIZED (
                SELECT task_id,
                       counted_steps + '{}'::int8multirange AS numbers -- decompressed here and not once for each step
                  FROM task_processing
                 WHERE task_id = ANY (?)
            )
            SELECT k.task_id,
                   k.step_number
              FROM unnest(?::uuid[], ?::integer[]) AS k (task_id, step_number)
              JOIN counted AS c
                ON c.task_id = k.task_id
               AND k.step_number::bigint <@ c.numbers
             WHERE NOT EXISTS (SELECT
                                 FROM task_steps AS s
                                WHERE s.task_id = k.task_id
                                  AND s.step_number = k.step_number)
            """;

    private FindCountedSteps() {}

    /** Their numbers, by their tasks. */
    static Map<UUID, Set<Integer>> in(Connection connection, Collection<TaskArrivals.Arrival> steps)
            throws SQLException {
        List<UUID> tasks =
                steps.stream().map(TaskArrivals.Arrival::taskId).distinct().toList();
        Map<UUID, Set<Integer>> counted = new HashMap<>();
        Sql.of(
                        connection,
                        SQL,
                        Sql.array("uuid", tasks),
                        Sql.column("uuid", steps, TaskArrivals.Arrival::taskId),
                        Sql.column("integer", steps, TaskArrivals.Arrival::stepNumber))
                .forEach(row -> counted.computeIfAbsent(row.getObject("task_id", UUID.class), id -> new HashSet<>())
                        .add(row.getInt("step_number")));
        return counted;
    }
}
