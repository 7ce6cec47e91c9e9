package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.BeginRun;
import dev.steptrail.store.retention.EndRun;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs a job if it is due and nobody else is at it, and writes down how that ended. */
final class JobRunner {
    private final BeginRun begin;
    private final EndRun end;

    JobRunner(Database database) {
        this.begin = new BeginRun(database);
        this.end = new EndRun(database);
    }

    /**
     * Runs it.
     *
     * @return nothing, if somebody else is at it or it is not due
     * @throws RuntimeException what the job threw; the run counts as failed then
     */
    Optional<Progress> run(Job job, Supplier<Duration> remaining) {
        return begin.of(job.kind(), job.pause()).map(run -> run(job, run, remaining));
    }

    private Progress run(Job job, BeginRun.Run run, Supplier<Duration> remaining) {
        Progress progress;
        try {
            progress = job.run(remaining, run.resumeAt());
        } catch (RuntimeException | Error e) {
            fail(run, e);
            throw e;
        }
        end.with(run.id(), progress.outcome(), progress.resumeAt(), progress.counts());
        return progress;
    }

    /** The next run goes on where this one did. */
    private void fail(BeginRun.Run run, Throwable cause) {
        try {
            end.with(run.id(), "failed", run.resumeAt(), Map.of());
        } catch (RuntimeException e) {
            cause.addSuppressed(e); // the row is ended as failed when it is old enough
        }
    }
}
