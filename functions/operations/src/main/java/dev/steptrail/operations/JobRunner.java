package dev.steptrail.operations;

import dev.steptrail.store.BeginRun;
import dev.steptrail.store.Database;
import dev.steptrail.store.EndRun;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Runs a job if nobody else is at it, and writes down how that ended. */
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
     * @return nothing, if somebody else is at it
     * @throws RuntimeException what the job threw; the run counts as failed then
     */
    Optional<Progress> run(Job job, Supplier<Duration> remaining) {
        OptionalLong id = begin.of(job.kind());
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Progress progress;
        try {
            progress = job.run(remaining);
        } catch (RuntimeException | Error e) {
            fail(id.getAsLong(), e);
            throw e;
        }
        end.with(id.getAsLong(), progress.outcome(), progress.resumeAt(), progress.counts());
        return Optional.of(progress);
    }

    private void fail(long id, Throwable cause) {
        try {
            end.with(id, "failed", null, Map.of());
        } catch (RuntimeException e) {
            cause.addSuppressed(e); // the row is ended as failed when it is old enough
        }
    }
}
