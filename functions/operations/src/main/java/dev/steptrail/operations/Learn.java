package dev.steptrail.operations;

import dev.steptrail.store.Database;
import dev.steptrail.store.LearnFromRuns;
import dev.steptrail.store.LearnFromRuns.Learned;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes insights of the texts of whose runs {@link LookForFindings} found news. */
final class Learn implements Job {
    private final LearnFromRuns learn;

    Learn(Database database) {
        this.learn = new LearnFromRuns(database);
    }

    @Override
    public String kind() {
        return "insights";
    }

    /** The texts that are still stale show where to go on. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        long texts = 0;
        long insights = 0;
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            Optional<Learned> learned = learn.next(left);
            if (learned.isEmpty()) {
                return new Progress(Map.of("texts", texts, "insights", insights), null);
            }
            texts++;
            insights += learned.get().insights();
        }
        return new Progress(Map.of("texts", texts, "insights", insights), "the stale texts");
    }
}
