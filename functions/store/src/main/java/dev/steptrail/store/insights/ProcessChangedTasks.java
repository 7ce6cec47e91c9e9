package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.model.ArchiveQueue;
import dev.steptrail.store.statistics.ChangedTask;
import dev.steptrail.store.statistics.DailyStatistics;
import dev.steptrail.store.statistics.TaskStatistics;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Processes tasks that changed: adds their new steps to the statistics, updates findings and run digests, and notes whether there are rows to archive. Takes
 * no lock that a writer of steps waits for; what arrives meanwhile is processed the next time. Only one session at a time may run it, which
 * the maintenance runs ensure.
 */
public final class ProcessChangedTasks {
    /** A message that was rejected while its task was being deleted. */
    private static final String REMOVE_REJECTED = """
            DELETE FROM rejected_messages
             WHERE task_id IN (SELECT task_id
                                 FROM tasks
                                WHERE task_id = ANY (?)
                                  AND deleted_at IS NOT NULL)
            """;

    private final Database database;

    public ProcessChangedTasks(Database database) {
        this.database = database;
    }

    /**
     * The result of one call.
     *
     * @param tasks the number of tasks processed
     * @param steps the number of steps added to the statistics
     * @param problems how many findings were made, changed or removed, by kind
     */
    public record Processed(long tasks, long steps, Map<DataProblem, DataProblem.Changes> problems) {}

    /**
     * Processes the tasks with the oldest changes.
     *
     * @param most the maximum number of tasks
     * @param limit the time limit of each statement
     * @return empty if no task changed
     */
    public Optional<Processed> next(int most, Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            List<ChangedTask> tasks = ChangedTask.find(connection, most);
            return tasks.isEmpty() ? Optional.empty() : Optional.of(process(connection, tasks));
        });
    }

    private static Processed process(Connection connection, List<ChangedTask> tasks) throws SQLException {
        List<UUID> ids = tasks.stream().map(ChangedTask::taskId).toList();
        Array array = connection.createArrayOf("uuid", ids.toArray());
        Sql.of(connection, REMOVE_REJECTED, array).update();
        long steps = TaskStatistics.add(connection, tasks);
        Map<DataProblem, DataProblem.Changes> problems = new EnumMap<>(DataProblem.class);
        for (DataProblem problem : DataProblem.values()) {
            problems.put(problem, problem.update(connection, array));
        }
        RunDigests.update(connection, ids);
        ArchiveQueue.update(connection, array);
        // Last, since it may wait for a session that rebuilds one of these days.
        DailyStatistics.markStaleDays(connection, array);
        return new Processed(tasks.size(), steps, problems);
    }
}
