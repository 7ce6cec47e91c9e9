package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.MaintenanceRuns;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs a job if it is due and nobody else is at it, and writes down how that ended. */
final class JobRunner {
    private final MaintenanceRuns runs;

    JobRunner(Database database) {
        this.runs = new MaintenanceRuns(database);
    }

    /**
     * Runs it.
     *
     * @return nothing, if somebody else is at it or it is not due
     * @throws RuntimeException what the job threw; the run counts as failed then
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

    /** The next run goes on where this one did. */
    private void fail(MaintenanceRuns.Started run, Throwable cause) {
        try {
            runs.end(run.id(), "failed", run.resumeAt(), Map.of());
        } catch (RuntimeException e) {
            cause.addSuppressed(e); // the row is ended as failed when it is old enough
        }
    }
}
