package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.ArchiveBacklog;
import dev.steptrail.store.statistics.DailyStatistics;
import dev.steptrail.store.statistics.TaskStatistics;
import dev.steptrail.store.statistics.TaskStatistics.ChangedTask;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Processes changed tasks: adds their new steps to the statistics, updates findings and task digests, and records
 * whether there are rows to archive. Takes no lock that blocks writers of steps. Records that arrive during a call are
 * processed by the next call. Only one session at a time may run it; {@code MaintenanceRuns} ensures that.
 */
public final class ChangedTaskProcessor {
    /**
     * Transactions may commit in another order than that of their timestamps. A function runs for at most 15 minutes,
     * so changes up to 15 minutes older than the latest processed change may still become visible.
     */
    private static final String CHANGED_SINCE = """
            SELECT coalesce(max(changed_at) - interval '15 minutes', '-infinity')
              FROM task_processing
            """;

    /** Abandoning does not set {@code received_at}, so tasks that were running when processed are found by status. */
    private static final String FIND_CHANGED = """
            SELECT t.task_id,
                   t.changed_at
              FROM (SELECT task_id,
                           greatest(received_at, deleted_at, judged_at) AS changed_at
                      FROM tasks) AS t
              LEFT JOIN task_processing AS p USING (task_id)
             WHERE t.changed_at >= ?
               AND p.changed_at IS DISTINCT FROM t.changed_at
             UNION
            SELECT t.task_id,
                   greatest(t.received_at, t.deleted_at, t.judged_at)
              FROM task_processing AS p
              JOIN tasks AS t USING (task_id)
             WHERE p.stats_running
               AND t.status <> 'running'
             ORDER BY changed_at, task_id
             LIMIT ?
            """;

    /** Deletes messages that were rejected while their task was being deleted. */
    private static final String REMOVE_REJECTED = """
            DELETE FROM rejected_messages
             WHERE task_id IN (SELECT task_id
                                 FROM tasks
                                WHERE task_id = ANY (?)
                                  AND deleted_at IS NOT NULL)
            """;

    private final Database database;

    public ChangedTaskProcessor(Database database) {
        this.database = database;
    }

    /**
     * The result of one call.
     *
     * @param tasks the number of tasks processed
     * @param steps the number of steps added to the statistics
     * @param problems the numbers of findings that were inserted, updated or removed, by kind
     */
    public record ProcessingResult(long tasks, long steps, Map<DataProblem, DataProblem.FindingChanges> problems) {}

    /**
     * Processes the tasks with the oldest changes.
     *
     * @param max the maximum number of tasks
     * @param timeout the timeout of each statement
     * @return empty if no task changed
     */
    public Optional<ProcessingResult> processNext(int max, Duration timeout) {
        return database.inTransaction(timeout, session -> {
            List<ChangedTask> tasks = findChanged(session, max);
            return tasks.isEmpty() ? Optional.empty() : Optional.of(process(session, tasks));
        });
    }

    private static List<ChangedTask> findChanged(Session session, int max) throws SQLException {
        // Read by a separate statement, so that the planner can estimate the number of changed tasks.
        OffsetDateTime since = session.sql(CHANGED_SINCE).single(row -> row.getObject(1, OffsetDateTime.class));
        return session.sql(FIND_CHANGED, since, max).list(RecordMapper.of(ChangedTask.class));
    }

    private static ProcessingResult process(Session session, List<ChangedTask> tasks) throws SQLException {
        List<UUID> ids = tasks.stream().map(ChangedTask::taskId).toList();
        session.sql(REMOVE_REJECTED, Sql.array("uuid", ids)).update();
        long steps = TaskStatistics.add(session, tasks);
        Map<DataProblem, DataProblem.FindingChanges> problems = new EnumMap<>(DataProblem.class);
        for (DataProblem problem : DataProblem.values()) {
            problems.put(problem, problem.update(session, ids));
        }
        TaskDigests.update(session, ids);
        ArchiveBacklog.update(session, ids);
        // Must be last, because it may wait for a session that rebuilds one of these days.
        DailyStatistics.markStaleDays(session, ids);
        return new ProcessingResult(tasks.size(), steps, problems);
    }
}
