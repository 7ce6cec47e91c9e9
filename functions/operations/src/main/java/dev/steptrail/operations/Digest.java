package dev.steptrail.operations;

import dev.steptrail.store.Database;
import dev.steptrail.store.DigestRuns;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a digest of each run of which there is news, by which {@link Learn} compares it with others. */
final class Digest implements Job {
    private static final int AT_A_TIME = 200;

    private final DigestRuns digest;

    Digest(Database database) {
        this.digest = new DigestRuns(database);
    }

    @Override
    public String kind() {
        return "digests";
    }

    /** What was made is remembered with each run, and shows where to go on. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        long runs = 0;
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            int some = digest.some(AT_A_TIME, left);
            if (some == 0) {
                return new Progress(Map.of("runs", runs), null);
            }
            runs += some;
        }
        return new Progress(Map.of("runs", runs), "the runs with news");
    }
}
