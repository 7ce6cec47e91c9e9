package dev.steptrail.operations;

import dev.steptrail.store.insights.InsightLearner;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes insights of the texts whose runs {@link ProcessTasks} found to have changed. */
final class Learn implements Job {
    private final Database database;
    private final InsightLearner learn;

    Learn(Database database) {
        this.database = database;
        this.learn = new InsightLearner(database);
    }

    @Override
    public String kind() {
        return "insights";
    }

    /** The texts that are still stale show where to go on. One that fails waits, and keeps none of the others waiting. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Failures failures = new Failures(database);
        long texts = 0;
        long insights = 0;
        boolean isDone = false;
        for (Duration left = remaining.get(); !isDone && left.toMillis() > 0; left = remaining.get()) {
            Duration limit = left;
            Optional<OptionalInt> tried = failures.apart("a text", () -> learn.next(limit));
            if (tried.isEmpty()) {
                learn.postponeNext();
                continue;
            }
            OptionalInt learned = tried.get();
            isDone = learned.isEmpty();
            texts += isDone ? 0 : 1;
            insights += learned.orElse(0);
        }
        return new Progress(
                Map.of("texts", texts, "insights", insights, "failed", failures.count()),
                isDone ? null : "the stale texts",
                failures.told());
    }
}
