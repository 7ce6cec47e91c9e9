package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.MaintenanceRuns;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs a job if it is due and not already running, and stores the outcome. */
final class JobRunner {
    private final MaintenanceRuns runs;

    JobRunner(Database database) {
        this.runs = new MaintenanceRuns(database);
    }

    /**
     * Runs a job.
     *
     * @return empty if the job is already running or is not due
     * @throws RuntimeException the job's exception, after the run was stored as failed
     */
    Optional<Progress> run(Job job, Supplier<Duration> remaining) {
        return runs.begin(job.kind(), job.pause()).map(run -> run(job, run, remaining));
    }

    private Progress run(Job job, MaintenanceRuns.Started run, Supplier<Duration> remaining) {
        Progress progress;
        try {
            progress = job.work().run(remaining, run.resumeAt());
        } catch (RuntimeException | Error e) {
            fail(run, e);
            throw e;
        }
        runs.end(run.id(), progress.outcome(), progress.resumeAt(), progress.counts());
        return progress;
    }

    /** Stores the run as failed. The next run starts at the same point as this run. */
    private void fail(MaintenanceRuns.Started run, Throwable cause) {
        try {
            runs.end(run.id(), "failed", run.resumeAt(), Map.of());
        } catch (RuntimeException e) {
            cause.addSuppressed(e); // a later run marks the row as failed when it is old enough
        }
    }
}
