package dev.steptrail.operations;

import dev.steptrail.store.insights.LookAtTasks;
import dev.steptrail.store.insights.LookAtTasks.Looked;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at each task of which there is news: counts its new steps, and marks gaps and clocks that ran backwards. */
final class LookForFindings implements Job {
    private static final int AT_A_TIME = 200;

    private final LookAtTasks look;

    LookForFindings(Database database) {
        this.look = new LookAtTasks(database);
    }

    @Override
    public String kind() {
        return "findings";
    }

    /** What was looked at is remembered with each task, and shows where to go on. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        Looked all = Looked.NOTHING;
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            Optional<Looked> some = look.some(AT_A_TIME, left);
            if (some.isEmpty()) {
                return new Progress(counts(all), null);
            }
            all = all.plus(some.get());
        }
        return new Progress(counts(all), "the tasks with news");
    }

    private static Map<String, Long> counts(Looked looked) {
        return Map.of(
                "tasks", looked.tasks(),
                "steps_counted", looked.steps(),
                "gaps_marked", looked.gapsMarked(),
                "gaps_cleared", looked.gapsCleared(),
                "clocks_marked", looked.clocksMarked(),
                "clocks_cleared", looked.clocksCleared());
    }
}
