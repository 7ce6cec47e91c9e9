package dev.steptrail.operations;

import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.CredentialsException;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Settings;
import dev.steptrail.ingest.Redelivery;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.admin.JobCompletion;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.admin.RejectedMessageRepository;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedMessage;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Failure;
import dev.steptrail.store.jdbc.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the jobs that users request through the API, and stores the result or the error of each. */
final class RequestedJobRunner {
    private static final int MAX_DELETED = 10_000;

    private final JobRepository jobs;
    private final RejectedMessageRepository rejected;
    private final Redelivery redelivery;
    private final ArchiveRestorer archives;
    private final BulkJob bulk;

    /** @param error a sentence for the user; null if the job did not fail */
    private record Outcome(String name, @Nullable String error) {
        static final Outcome DONE = new Outcome("done", null);

        /** Another attempt continues the job when the lease of this one has expired. */
        static final Outcome TIMED_OUT = new Outcome("timed_out", null);

        static Outcome of(@Nullable String error) {
            return error == null ? DONE : new Outcome("failed", error);
        }
    }

    /**
     * @param settings {@code STEPTRAIL_BUCKET} and those of {@link dev.steptrail.aws.AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    RequestedJobRunner(Database database, Settings settings) {
        BucketReader bucket = new BucketReader(settings);
        this.jobs = new JobRepository(database);
        this.rejected = new RejectedMessageRepository(database);
        this.redelivery = new Redelivery(database);
        this.archives = new ArchiveRestorer(database, bucket);
        this.bulk = new BulkJob(database);
    }

    /**
     * Runs a job. Does nothing if it has ended or is running elsewhere.
     *
     * @param remaining returns the remaining time; called repeatedly
     * @return whether the job ran
     * @throws RuntimeException if the outcome cannot be stored; the job can be run again
     */
    boolean run(UUID jobId, Log log, Supplier<Duration> remaining) {
        Optional<RequestedJob> claimed = jobs.claim(jobId);
        if (claimed.isEmpty()) {
            log.info("requested_job_skipped", Map.of("job_id", jobId));
            return false;
        }
        RequestedJob job = claimed.get();
        Outcome outcome = attempt(job, log, remaining);
        if (outcome.error() != null) {
            jobs.fail(jobId, outcome.error());
        }
        log.info("requested_job", fields(job, "outcome", outcome.name()));
        return true;
    }

    private Outcome attempt(RequestedJob job, Log log, Supplier<Duration> remaining) {
        try {
            return switch (job.kind()) {
                case JobRepository.RETRY_REJECTED -> Outcome.of(retry(job, log, remaining));
                case JobRepository.RESTORE_TASK -> Outcome.of(restore(job, remaining));
                case JobRepository.BULK_TAGS, JobRepository.BULK_VERDICTS ->
                    bulk.run(job, remaining) ? Outcome.DONE : Outcome.TIMED_OUT;
                default -> throw new IllegalStateException("unknown kind of job: " + job.kind());
            };
        } catch (BucketException e) {
            log.error("bucket_unavailable", fields(job, "reason", String.valueOf(e.getMessage())));
            return Outcome.of("The bucket did not respond in time. Retry in a few seconds.");
        } catch (StoreException.Unavailable | CredentialsException e) {
            log.error("database_unavailable", fields(job, "reason", String.valueOf(e.getMessage())));
            return Outcome.of("The database is unavailable or did not respond in time. Retry in a few seconds.");
        } catch (RuntimeException e) {
            log.error("unexpected_error", fields(job, "failure", Failure.describe(e)));
            return Outcome.of("Internal error. The log entry with this job's id contains the cause.");
        }
    }

    /**
     * Processes a rejected message again, on behalf of its sender. Deletes the message once its content is stored, or
     * is rejected again in a new entry. Keeps it if it is rejected again for the same reason.
     *
     * @return the error for the admin; null if the job was completed
     */
    private @Nullable String retry(RequestedJob job, Log log, Supplier<Duration> remaining) {
        Optional<RejectedMessage> found = rejected.find(Long.parseLong(job.argument()));
        if (found.isEmpty()) {
            return "No rejected message has this id. It may have been retried or discarded.";
        }
        RejectedMessage message = found.get();
        Redelivery.Outcome outcome = redelivery.redeliver(message, log, remaining);
        if (!outcome.complete()) {
            return "The message could not be stored and is still rejected. Retry in a few seconds. The log of the"
                    + " function that runs jobs contains the reason.";
        }
        String reason = outcome.rejections().isEmpty()
                ? null
                : outcome.rejections().get(0).reason();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("id", message.entry().id());
        detail.put("sender_id", message.entry().senderId());
        detail.put("outcome", outcomeName(outcome));
        if (reason != null) {
            detail.put("reason", reason);
        }
        rejected.endRetry(
                message.entry().id(),
                outcome.isRejectedAgain(message),
                completion(job, message.entry().taskId(), detail),
                result(message, outcome, reason));
        return null;
    }

    private static Map<String, ?> result(RejectedMessage message, Redelivery.Outcome outcome, @Nullable String reason) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("id", message.entry().id());
        result.put("outcome", outcomeName(outcome));
        result.put("reason", reason);
        result.put("steps", outcome.result().steps());
        result.put("duplicates", outcome.result().duplicates());
        result.put("rejected", outcome.rejections().size());
        result.put("dropped", outcome.result().dropped());
        return result;
    }

    /** Returns {@code dropped} if all records belong to deleted tasks, and so were neither stored nor rejected. */
    private static String outcomeName(Redelivery.Outcome outcome) {
        if (!outcome.rejections().isEmpty()) {
            return "rejected_again";
        }
        boolean onlyDropped = outcome.result().dropped() > 0
                && outcome.result().steps() + outcome.result().duplicates() == 0;
        return onlyDropped ? "dropped" : "stored";
    }

    private @Nullable String restore(RequestedJob job, Supplier<Duration> remaining) throws BucketException {
        UUID taskId = UUID.fromString(job.argument());
        ArchiveRestorer.Outcome outcome = archives.restore(taskId, completion(job, taskId, Map.of()), remaining);
        if (outcome instanceof ArchiveRestorer.ArchiveUnusable unusable) {
            return "Nothing was restored: " + unusable.reason() + ".";
        }
        if (outcome instanceof ArchiveRestorer.NotArchived) {
            return "The task is not archived. Its steps are in the database.";
        }
        return outcome instanceof ArchiveRestorer.NoSuchTask
                ? "The task does not exist. It may have been deleted."
                : null;
    }

    private static JobCompletion completion(RequestedJob job, @Nullable UUID taskId, Map<String, ?> detail) {
        return new JobCompletion(job.jobId(), new AuditEntry(job.requestedBy(), job.kind(), taskId, detail));
    }

    private static Map<String, Object> fields(RequestedJob job, String name, String value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("job_id", job.jobId());
        fields.put("kind", job.kind());
        fields.put("argument", job.argument());
        fields.put(name, value);
        return fields;
    }

    /**
     * Runs the jobs whose message was lost or whose attempt did not end, and deletes old jobs.
     *
     * @param remaining returns the remaining time; called repeatedly
     */
    Progress runOverdue(Log log, Supplier<Duration> remaining) {
        JobRun run = new JobRun(remaining, "run_jobs", "deleted_jobs");
        for (UUID jobId : jobs.findOverdue()) {
            if (run.remaining().toMillis() <= 0) {
                return run.end(jobId.toString());
            }
            run.count("run_jobs", run(jobId, log, remaining) ? 1 : 0);
        }
        Duration timeout = run.remaining();
        if (timeout.toMillis() > 0) {
            jobs.deleteEnded(MAX_DELETED, timeout).ifPresent(deleted -> run.count("deleted_jobs", deleted));
        }
        return run.end(null);
    }
}
