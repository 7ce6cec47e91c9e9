package dev.steptrail.store.judgements;

import dev.steptrail.store.admin.JobCompletion;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.TaskLocks;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes many tasks in one transaction. */
public final class BulkRepository {
    /** The maximum number of tasks in one transaction of the API. Writers of these tasks wait until it ends. */
    public static final int MAX_TASKS = 1000;

    private static final String COUNT = """
            SELECT count(*)
              FROM tasks
             WHERE task_id = ANY (?)
               AND deleted_at IS NULL
            %s\
            """;

    private final Database database;

    public BulkRepository(Database database) {
        this.database = database;
    }

    /**
     * Changes tasks.
     *
     * @param owner the owner of the tasks; null for any owner. Tasks of other owners are not found
     * @param caller the subject of the token
     */
    public BulkResult apply(Collection<UUID> taskIds, @Nullable String owner, BulkChange change, String caller) {
        return database.inTransaction(session -> apply(session, taskIds, owner, change, caller));
    }

    /** Returns how many of the tasks {@link #apply} would find, and changes nothing. */
    public BulkResult count(Collection<UUID> taskIds, @Nullable String owner) {
        Conditions conditions = new Conditions().and("owner = ?", owner);
        long matched = database.readInAutoCommit(
                session -> session.sql(COUNT.formatted(conditions.sql()), Sql.array("uuid", taskIds), conditions)
                        .single(row -> row.getLong(1)));
        return new BulkResult(matched, 0, 0, taskIds.size() - matched, 0);
    }

    /**
     * Changes the next tasks of a job. The same transaction stores the job's progress or, if these are the last tasks,
     * ends the job.
     *
     * @param resumeAfter where the next batch starts; null if these are the last tasks
     * @param before the result of the previous batches
     * @param timeout the timeout of each statement
     * @return the result of all batches; empty, without changing anything, if the job is not running or a statement
     *     timed out
     */
    public Optional<BulkResult> applyBatch(
            RequestedJob job,
            BulkRequest request,
            Collection<UUID> taskIds,
            @Nullable String resumeAfter,
            BulkResult before,
            Duration timeout) {
        return database.tryInTransaction(Duration.ZERO, timeout, session -> {
            BulkResult batch = apply(session, taskIds, request.filter().owner(), request.change(), job.requestedBy());
            // The filter selected these tasks, so those that are missing were deleted since then.
            BulkResult total = before.plus(batch.withoutMissing());
            boolean stored = resumeAfter == null
                    ? new JobCompletion(job.jobId(), null).write(session, total.toMap())
                    : JobRepository.saveProgress(session, job.jobId(), total.toMap(), resumeAfter);
            return stored ? Optional.of(total) : Optional.empty();
        });
    }

    private static BulkResult apply(
            Session session, Collection<UUID> taskIds, @Nullable String owner, BulkChange change, String caller)
            throws SQLException {
        var locked = TaskLocks.lockTasks(session, taskIds, owner);
        BulkResult result = change.apply(session, locked, caller);
        return result.plus(new BulkResult(0, 0, 0, taskIds.size() - locked.size(), 0));
    }
}
