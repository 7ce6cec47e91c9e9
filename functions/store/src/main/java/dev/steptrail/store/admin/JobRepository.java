package dev.steptrail.store.admin;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.JsonColumn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores the jobs that users request: changes of many tasks and, by admins, retries of rejected messages and restores
 * of tasks. The API adds a job, and another function runs it.
 *
 * <p>An attempt has a lease of 15 minutes, after which Lambda has stopped it. A job whose attempt did not end can be
 * claimed again when the lease has expired, up to three attempts without progress.
 */
public final class JobRepository {
    /** Retries a rejected message; the argument is its id. */
    public static final String RETRY_REJECTED = "retry_rejected";

    /** Restores an archived task; the argument is its id. */
    public static final String RESTORE_TASK = "restore_task";

    /** Changes the tags of the tasks that a filter selects; the argument is a hash of the request. */
    public static final String BULK_TAGS = "bulk_tags";

    /** Sets a verdict on the tasks that a filter selects; the argument is a hash of the request. */
    public static final String BULK_VERDICTS = "bulk_verdicts";

    /** The maximum number of unfinished changes of many tasks of a user. */
    public static final int MAX_BULK_JOBS = 5;

    private static final RecordMapper<RequestedJob> JOB = RecordMapper.of(RequestedJob.class);

    private static final String INSERT = """
            INSERT INTO jobs (job_id, kind, argument, request, requested_by)
            VALUES (?, ?, ?, ?::json, ?)
            ON CONFLICT (kind, argument) WHERE state IN ('queued', 'running') DO NOTHING
            RETURNING %s
            """.formatted(JOB.columns());

    private static final String FIND_UNFINISHED = """
            SELECT %s
              FROM jobs
             WHERE kind = ?
               AND argument = ?
               AND state IN ('queued', 'running')
            """.formatted(JOB.columns());

    private static final String LOCK_CALLER = "SELECT pg_advisory_xact_lock(hashtextextended('bulk jobs of ' || ?, 0))";

    private static final String COUNT_UNFINISHED_BULK = """
            SELECT count(*)
              FROM jobs
             WHERE requested_by = ?
               AND request IS NOT NULL
               AND state IN ('queued', 'running')
            """;

    private static final String FIND = """
            SELECT %s
              FROM jobs
             WHERE job_id = ?
            """.formatted(JOB.columns());

    private static final String FAIL_LAST_ATTEMPT = """
            UPDATE jobs
               SET state    = 'failed',
                   ended_at = now(),
                   error    = 'The job was attempted ' || attempts || ' times and never ended. Request it again, or look for'
                              || ' the cause in the log of the function that runs jobs.'
             WHERE job_id = ?
               AND state = 'running'
               AND started_at < now() - interval '15 minutes'
               AND attempts >= 3
            """;

    private static final String CLAIM = """
            UPDATE jobs
               SET state      = 'running',
                   started_at = now(),
                   attempts   = attempts + 1
             WHERE job_id = ?
               AND (state = 'queued' OR state = 'running' AND started_at < now() - interval '15 minutes')
               AND (   request IS NULL
                    OR NOT EXISTS (SELECT
                                     FROM jobs AS older
                                    WHERE older.requested_by = jobs.requested_by
                                      AND older.request IS NOT NULL
                                      AND older.state IN ('queued', 'running')
                                      AND (older.requested_at, older.job_id) < (jobs.requested_at, jobs.job_id)))
            RETURNING %s
            """.formatted(JOB.columns());

    private static final String SAVE_PROGRESS = """
            UPDATE jobs
               SET progress     = ?::json,
                   resume_after = ?,
                   attempts     = 0
             WHERE job_id = ?
               AND state = 'running'
            """;

    private static final String FAIL = """
            UPDATE jobs
               SET state    = 'failed',
                   ended_at = now(),
                   error    = ?
             WHERE job_id = ?
               AND state = 'running'
            """;

    private static final String FIND_OVERDUE = """
            SELECT job_id
              FROM jobs
             WHERE state IN ('queued', 'running')
               AND (   state = 'queued'  AND requested_at < now() - interval '5 minutes'
                    OR state = 'running' AND started_at   < now() - interval '15 minutes')
             ORDER BY requested_at, job_id
            """;

    private static final String DELETE_ENDED = """
            DELETE FROM jobs
             WHERE job_id IN (
                       SELECT job_id
                         FROM jobs
                        WHERE ended_at < now() - interval '30 days'
                        LIMIT ?)
            """;

    private final Database database;

    public JobRepository(Database database) {
        this.database = database;
    }

    /**
     * A job.
     *
     * @param kind one of the constants of {@link JobRepository}
     * @param request a JSON object: the request of a change of many tasks; null for other kinds
     * @param progress a JSON object: the result so far; null if there is none
     * @param resumeAfter where the next attempt resumes, in a format that depends on the kind; null to start from the
     *     beginning
     * @param state {@code queued}, {@code running}, {@code done} or {@code failed}
     * @param result a JSON object; null unless the job is done
     * @param error why the job failed; null unless it failed
     */
    public record RequestedJob(
            UUID jobId,
            String kind,
            String argument,
            @Nullable String request,
            String requestedBy,
            Instant requestedAt,
            String state,
            @Nullable String progress,
            @Nullable String resumeAfter,
            @Nullable Instant endedAt,
            @Nullable String result,
            @Nullable String error) {}

    /**
     * Adds a job without a request. If the same job was requested before and has not ended, returns that job instead.
     *
     * @param argument describes the job
     * @param caller the subject of the requesting user's token
     */
    public RequestedJob request(String kind, String argument, String caller) {
        UUID id = UuidV7.at(Instant.now());
        return database.inTransaction(session -> {
            Optional<RequestedJob> job;
            do { // repeats if the other job ends between the two statements
                job = session.sql(INSERT, id, kind, argument, null, caller).first(JOB);
                if (job.isEmpty()) {
                    job = session.sql(FIND_UNFINISHED, kind, argument).first(JOB);
                }
            } while (job.isEmpty());
            return job.get();
        });
    }

    /**
     * Adds a job that changes many tasks. If the caller requested the same job before and it has not ended, returns
     * that job instead.
     *
     * @param hash of the request and the caller
     * @param request a JSON object
     * @return empty if {@value #MAX_BULK_JOBS} other jobs of the caller have not ended
     */
    public Optional<RequestedJob> requestBulk(String kind, String hash, String request, String caller) {
        UUID id = UuidV7.at(Instant.now());
        return database.inTransaction(session -> {
            // The lock enforces the limit for concurrent requests.
            session.sql(LOCK_CALLER, caller).hasRows();
            Optional<RequestedJob> unfinished =
                    session.sql(FIND_UNFINISHED, kind, hash).first(JOB);
            if (unfinished.isPresent()
                    || session.sql(COUNT_UNFINISHED_BULK, caller).single(row -> row.getLong(1)) >= MAX_BULK_JOBS) {
                return unfinished;
            }
            return session.sql(INSERT, id, kind, hash, request, caller).first(JOB);
        });
    }

    /** Returns a job; empty if it does not exist. */
    public Optional<RequestedJob> find(UUID jobId) {
        return database.read(session -> session.sql(FIND, jobId).first(JOB));
    }

    /**
     * Starts an attempt of a job. If the third attempt did not end, marks the job as failed instead. Changes of many
     * tasks by one user run one after the other, in the order of their requests.
     *
     * @return empty if the job does not exist, has ended, has an attempt whose lease has not expired, or waits for
     *     another job of the user; maintenance runs it later
     */
    public Optional<RequestedJob> claim(UUID jobId) {
        return database.inTransaction(session -> {
            session.sql(FAIL_LAST_ATTEMPT, jobId).update();
            return session.sql(CLAIM, jobId).first(JOB);
        });
    }

    /**
     * Stores the progress of a running job in the transaction of the changes that made it. The attempts without
     * progress are counted anew.
     *
     * @param counts the result so far
     * @param resumeAfter where the next attempt resumes
     * @return false if the job is not running
     */
    public static boolean saveProgress(Session session, UUID jobId, Map<String, ?> counts, String resumeAfter)
            throws SQLException {
        return session.sql(SAVE_PROGRESS, JsonColumn.write(counts), resumeAfter, jobId)
                        .update()
                == 1;
    }

    /**
     * Ends a claimed job as failed. {@link JobCompletion} ends it as done.
     *
     * @param error a sentence for the user
     */
    public void fail(UUID jobId, String error) {
        database.inTransaction(session -> session.sql(FAIL, error, jobId).update());
    }

    /**
     * Returns the jobs whose message may be lost, oldest first: those queued for 5 minutes, and those with an expired
     * lease.
     */
    public List<UUID> findOverdue() {
        return database.read(session -> session.sql(FIND_OVERDUE).list(row -> row.getObject("job_id", UUID.class)));
    }

    /**
     * Deletes up to {@code max} jobs that ended more than 30 days ago.
     *
     * @param timeout the timeout of the statement
     * @return the number of deleted jobs; empty, without deleting anything, if a lock or the statement timed out
     */
    public Optional<Integer> deleteEnded(int max, Duration timeout) {
        return database.tryInTransaction(
                Session.LOCK_TIMEOUT,
                timeout,
                session -> Optional.of(session.sql(DELETE_ENDED, max).update()));
    }
}
