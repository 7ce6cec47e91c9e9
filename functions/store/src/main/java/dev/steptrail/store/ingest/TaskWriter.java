package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.store.ingest.TaskRecords.ReceivedStep;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.StoredStep;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tasks of a batch: inserts new ones, updates and ends existing ones, and adds to their counters and tokens.
 */
final class TaskWriter {
    private static final String COLUMNS = """
            task_id, owner, start_received, started_at, name, description, agent, model, device_id, previous_task_id,
                   metadata, experiment, case_id, repeat, attributes, extra_start_fields, dropped_steps,
                   dropped_screenshots, losses""";

    private static final String ROWS = """
            unnest(?::uuid[], ?::text[], ?::boolean[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
                   ?::text[], ?::uuid[], ?::json[], ?::text[], ?::text[], ?::integer[], ?::json[], ?::json[],
                   ?::bigint[], ?::bigint[], ?::json[])
              AS r (%s)""".formatted(COLUMNS);

    private static final String INSERT = """
            INSERT INTO tasks
                   (%1$s)
            SELECT %1$s
              FROM %2$s
             ORDER BY task_id
            ON CONFLICT (task_id) DO NOTHING
            """.formatted(COLUMNS, ROWS);

    /** The first start counts: an attachment of a second start must not be combined with a value of the first one. */
    private static final String UPDATE = """
            UPDATE tasks AS t
               SET owner               = r.owner,
                   received_at         = CASE
                                             WHEN r.start_received AND NOT t.start_received
                                                  OR r.dropped_steps > t.dropped_steps
                                                  OR r.dropped_screenshots > t.dropped_screenshots
                                             THEN change_time(t.received_at, t.judged_at)
                                             ELSE t.received_at
                                         END,
                   start_received      = t.start_received OR r.start_received,
                   started_at          = CASE
                                             WHEN t.start_received THEN t.started_at
                                             WHEN r.start_received THEN r.started_at
                                             ELSE least(t.started_at, r.started_at)
                                         END,
                   name                = CASE WHEN t.start_received THEN t.name ELSE r.name END,
                   description         = CASE WHEN t.start_received THEN t.description ELSE r.description END,
                   agent               = CASE WHEN t.start_received THEN t.agent ELSE r.agent END,
                   model               = CASE WHEN t.start_received THEN t.model ELSE r.model END,
                   device_id           = CASE WHEN t.start_received THEN t.device_id ELSE r.device_id END,
                   previous_task_id    = CASE WHEN t.start_received THEN t.previous_task_id ELSE r.previous_task_id END,
                   metadata            = CASE WHEN t.start_received THEN t.metadata ELSE r.metadata END,
                   experiment          = CASE WHEN t.start_received THEN t.experiment ELSE r.experiment END,
                   case_id             = CASE WHEN t.start_received THEN t.case_id ELSE r.case_id END,
                   repeat              = CASE WHEN t.start_received THEN t.repeat ELSE r.repeat END,
                   attributes          = CASE WHEN t.start_received THEN t.attributes ELSE r.attributes END,
                   extra_start_fields  = CASE
                                             WHEN t.start_received THEN t.extra_start_fields
                                             ELSE r.extra_start_fields
                                         END,
                   dropped_steps       = greatest(t.dropped_steps, r.dropped_steps),
                   dropped_screenshots = greatest(t.dropped_screenshots, r.dropped_screenshots),
                   losses              = CASE
                                             WHEN r.dropped_steps + r.dropped_screenshots
                                                  > t.dropped_steps + t.dropped_screenshots
                                             THEN r.losses
                                             ELSE t.losses
                                         END
              FROM %s
             WHERE t.task_id = r.task_id
            """.formatted(ROWS);

    private static final String REVOKE_SHARES = """
            UPDATE share_links
               SET revoked_at = now()
             WHERE task_id = ANY (?)
               AND revoked_at IS NULL
            """;

    /**
     * Locks the tasks in the order of their ids, then adds to their counters. {@code received_at} is set while the lock
     * is held and always increases, even if a transaction that started earlier commits later, because
     * {@code ChangedTaskProcessor} detects changes by it.
     */
    private static final String LOCK_AND_COUNT = """
            SELECT %s,
                   coalesce(archived_status, status) = 'abandoned' AS abandoned
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR NO KEY UPDATE;
            UPDATE tasks AS t
               SET total_steps       = t.total_steps + c.total_steps,
                   successful_steps  = t.successful_steps + c.successful_steps,
                   failed_steps      = t.failed_steps + c.failed_steps,
                   total_duration_ms = t.total_duration_ms + c.total_duration_ms,
                   last_step_at      = greatest(t.last_step_at, c.last_step_at),
                   conflicting_steps = t.conflicting_steps + c.conflicting_steps,
                   received_at       = change_time(t.received_at, t.judged_at)
              FROM unnest(?::uuid[], ?::integer[], ?::integer[], ?::integer[], ?::bigint[], ?::timestamptz[], ?::integer[])
                   AS c (task_id, total_steps, successful_steps, failed_steps, total_duration_ms, last_step_at, conflicting_steps)
             WHERE t.task_id = c.task_id
            """.formatted(StoredTaskState.COLUMNS);

    /**
     * Sets an abandoned task to running if a step was executed after its end. An archived task stays archived, and runs
     * again when it is restored.
     */
    private static final String REOPEN_ABANDONED = """
            UPDATE tasks AS t
               SET status          = CASE WHEN t.archived_status IS NULL     THEN 'running' ELSE t.status END,
                   archived_status = CASE WHEN t.archived_status IS NOT NULL THEN 'running' END,
                   end_reason      = NULL,
                   message         = NULL,
                   ended_at        = NULL
              FROM unnest(?::uuid[], ?::timestamptz[]) AS c (task_id, last_step_at)
             WHERE t.task_id = c.task_id
               AND coalesce(t.archived_status, t.status) = 'abandoned'
               AND t.ended_at < c.last_step_at
            """;

    /**
     * The first end reason that the agent reports is final. {@code abandoned} is replaced by any other end reason, and
     * is ignored if a later step is stored. An archived task gets its new status when it is restored.
     */
    private static final String END = """
            UPDATE tasks AS t
               SET status           = CASE WHEN t.archived_status IS NULL     THEN e.status ELSE t.status END,
                   archived_status  = CASE WHEN t.archived_status IS NOT NULL THEN e.status END,
                   end_reason       = e.end_reason,
                   message          = e.message,
                   ended_at         = e.ended_at,
                   received_at      = change_time(t.received_at, t.judged_at),
                   last_step_number = coalesce(e.last_step_number, t.last_step_number),
                   extra_end_fields = e.extra_end_fields
              FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::integer[], ?::json[])
                   AS e (task_id, status, end_reason, message, ended_at, last_step_number, extra_end_fields)
             WHERE t.task_id = e.task_id
               AND (       coalesce(t.archived_status, t.status) IN ('running', 'abandoned')
                       AND e.status <> 'abandoned'
                    OR     coalesce(t.archived_status, t.status) = 'running'
                       AND (t.last_step_at IS NULL OR t.last_step_at <= e.ended_at))
            """;

    /** As in task_steps: more cached tokens than input tokens would make the cost of the input negative. */
    private static final String ADD_USAGE = """
            INSERT INTO task_usage AS u (task_id, day, steps, input_tokens, cached_tokens, output_tokens)
            SELECT task_id,
                   day,
                   count(*),
                   sum(coalesce(input, 0)),
                   sum(least(coalesce(cached, 0), coalesce(input, 0))),
                   sum(coalesce(output, 0))
              FROM unnest(?::uuid[], ?::date[], ?::integer[], ?::integer[], ?::integer[])
                   AS step (task_id, day, input, cached, output)
             GROUP BY task_id, day
             ORDER BY task_id, day
            ON CONFLICT (task_id, day) DO UPDATE
               SET steps         = u.steps + excluded.steps,
                   input_tokens  = u.input_tokens + excluded.input_tokens,
                   cached_tokens = u.cached_tokens + excluded.cached_tokens,
                   output_tokens = u.output_tokens + excluded.output_tokens
            """;

    private TaskWriter() {}

    private record StepUsage(UUID taskId, LocalDate day, Usage tokens) {}

    record CounterIncrements(
            UUID taskId,
            int totalSteps,
            int successfulSteps,
            int failedSteps,
            long totalDurationMs,
            @Nullable Instant lastStepAt,
            int conflictingSteps) {

        static CounterIncrements of(UUID taskId, Collection<ReceivedStep> newSteps, int conflictingSteps) {
            int successful = 0;
            int failed = 0;
            long duration = 0;
            Instant last = null;
            for (ReceivedStep arrival : newSteps) {
                StoredStep step = arrival.row();
                successful += Boolean.TRUE.equals(step.succeeded()) ? 1 : 0;
                failed += Boolean.FALSE.equals(step.succeeded()) ? 1 : 0;
                duration += step.durationMs() == null ? 0 : step.durationMs();
                last = last == null || step.createdAt().isAfter(last) ? step.createdAt() : last;
            }
            return new CounterIncrements(taskId, newSteps.size(), successful, failed, duration, last, conflictingSteps);
        }

        boolean isZero() {
            return totalSteps == 0 && conflictingSteps == 0;
        }
    }

    /**
     * Inserts tasks in the order of their ids, so that two batches with the same tasks do not deadlock.
     *
     * @return false if one of them was inserted concurrently
     */
    static boolean insert(Session session, Collection<TaskRecords> tasks) throws SQLException {
        return write(session, INSERT, tasks) == tasks.size();
    }

    /** Applies {@code task_started}, losses and owner to tasks. The caller must hold the row locks. */
    static void update(Session session, Collection<TaskRecords> tasks) throws SQLException {
        write(session, UPDATE, tasks);
    }

    /** Revokes the share links of tasks whose owner changed. The caller must hold the row locks. */
    static void revokeShares(Session session, Collection<UUID> tasks) throws SQLException {
        if (!tasks.isEmpty()) {
            session.sql(REVOKE_SHARES, Sql.array("uuid", tasks)).update();
        }
    }

    private static int write(Session session, String sql, Collection<TaskRecords> tasks) throws SQLException {
        if (tasks.isEmpty()) {
            return 0;
        }
        return session.sql(
                        sql,
                        Sql.column("uuid", tasks, TaskRecords::taskId),
                        Sql.column("text", tasks, TaskRecords::owner),
                        Sql.column("boolean", tasks, task -> task.started() != null),
                        Sql.column("timestamptz", tasks, TaskRecords::startedAt),
                        Sql.column("text", tasks, started(TaskStarted::name)),
                        Sql.column("text", tasks, started(TaskStarted::description)),
                        Sql.column("text", tasks, started(TaskStarted::agent)),
                        Sql.column("text", tasks, started(TaskStarted::model)),
                        Sql.column("text", tasks, started(TaskStarted::deviceId)),
                        Sql.column("uuid", tasks, started(TaskStarted::previousTaskId)),
                        Sql.column("json", tasks, started(start -> JsonColumn.writeOrNull(start.metadata()))),
                        Sql.column("text", tasks, started(start -> start.experimentCase()
                                .experiment())),
                        Sql.column("text", tasks, started(start -> start.experimentCase()
                                .caseId())),
                        Sql.column("integer", tasks, started(start -> start.experimentCase()
                                .repeat())),
                        Sql.column(
                                "json",
                                tasks,
                                started(start -> JsonColumn.writeOrNull(
                                        start.experimentCase().attributes()))),
                        Sql.column("json", tasks, started(start -> otherFields(start.unknown(), start.attachments()))),
                        Sql.column("bigint", tasks, TaskRecords::droppedSteps),
                        Sql.column("bigint", tasks, TaskRecords::droppedScreenshots),
                        Sql.column("json", tasks, TaskRecords::lossesJson))
                .update();
    }

    private static Function<TaskRecords, @Nullable Object> started(Function<TaskStarted, @Nullable Object> field) {
        return task -> task.started() == null ? null : field.apply(task.started());
    }

    /**
     * Locks tasks and adds to their counters. Sets an abandoned task to running if a later step arrived.
     *
     * @param tasks all tasks to lock, including those without changes
     * @return the state of the tasks when they were locked
     */
    static Map<UUID, StoredTaskState> lockAndCount(
            Session session, Collection<UUID> tasks, Collection<CounterIncrements> changes) throws SQLException {
        Map<UUID, StoredTaskState> locked = new HashMap<>();
        boolean[] anyAbandoned = {false};
        session.sql(
                        LOCK_AND_COUNT,
                        Sql.array("uuid", tasks),
                        Sql.column("uuid", changes, CounterIncrements::taskId),
                        Sql.column("integer", changes, CounterIncrements::totalSteps),
                        Sql.column("integer", changes, CounterIncrements::successfulSteps),
                        Sql.column("integer", changes, CounterIncrements::failedSteps),
                        Sql.column("bigint", changes, CounterIncrements::totalDurationMs),
                        Sql.column("timestamptz", changes, CounterIncrements::lastStepAt),
                        Sql.column("integer", changes, CounterIncrements::conflictingSteps))
                .forEachResult(row -> {
                    locked.put(row.getObject("task_id", UUID.class), StoredTaskState.ROW.map(row));
                    anyAbandoned[0] |= row.getBoolean("abandoned");
                });
        if (anyAbandoned[0]) {
            session.sql(
                            REOPEN_ABANDONED,
                            Sql.column("uuid", changes, CounterIncrements::taskId),
                            Sql.column("timestamptz", changes, CounterIncrements::lastStepAt))
                    .update();
        }
        return locked;
    }

    static void end(Session session, Collection<TaskEnded> endings) throws SQLException {
        if (endings.isEmpty()) {
            return;
        }
        session.sql(
                        END,
                        Sql.column("uuid", endings, TaskEnded::taskId),
                        Sql.column("text", endings, ended -> ended.status().wireName()),
                        Sql.column("text", endings, ended -> endReasonOf(ended).wireName()),
                        Sql.column("text", endings, TaskEnded::message),
                        Sql.column("timestamptz", endings, TaskEnded::timestamp),
                        Sql.column("integer", endings, TaskEnded::lastStepNumber),
                        Sql.column("json", endings, ended -> otherFields(ended.unknown(), ended.attachments())))
                .update();
    }

    /** Adds the tokens of steps that this transaction has inserted. The caller must hold the locks of their tasks. */
    static void addUsage(Session session, Collection<ReceivedStep> newSteps) throws SQLException {
        List<StepUsage> rows = new ArrayList<>();
        for (ReceivedStep step : newSteps) {
            Usage usage = step.usage();
            if (usage != null && hasTokens(usage)) {
                rows.add(new StepUsage(step.taskId(), LocalDate.ofInstant(step.recordedAt(), ZoneOffset.UTC), usage));
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        session.sql(
                        ADD_USAGE,
                        Sql.column("uuid", rows, StepUsage::taskId),
                        Sql.column("date", rows, StepUsage::day),
                        Sql.column("integer", rows, row -> row.tokens().inputTokens()),
                        Sql.column("integer", rows, row -> row.tokens().cachedTokens()),
                        Sql.column("integer", rows, row -> row.tokens().outputTokens()))
                .update();
    }

    private static boolean hasTokens(Usage usage) {
        return usage.inputTokens() != null || usage.cachedTokens() != null || usage.outputTokens() != null;
    }

    /** Returns the fields of a start or end without a separate column, as JSON; null if there are none. */
    static @Nullable String otherFields(Map<String, Object> unknown, List<Attachment> attachments) {
        Map<String, Object> fields = new LinkedHashMap<>(unknown);
        if (!attachments.isEmpty()) {
            fields.put("attachments", attachments);
        }
        return JsonColumn.writeOrNull(fields);
    }

    private static EndReason endReasonOf(TaskEnded ended) {
        return ended.endReason() == null ? EndReason.defaultFor(ended.status()) : ended.endReason();
    }
}
