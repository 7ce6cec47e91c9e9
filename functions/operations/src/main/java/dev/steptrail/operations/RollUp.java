package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.statistics.DailyStatistics;
import dev.steptrail.store.statistics.DailyStatistics.Rebuilt;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rebuilds the days of the daily statistics that {@link ProcessTasks} marked as stale. */
final class RollUp implements Job {
    /** Steps may say any day: whoever made an agent say 50,000 of them would hold up those of others, one by one. */
    private static final int AT_A_TIME = 100;

    private final DailyStatistics statistics;

    RollUp(Database database) {
        this.statistics = new DailyStatistics(database);
    }

    @Override
    public String kind() {
        return "rollup";
    }

    /** The days that are still stale show where to go on. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        long days = 0;
        long rows = 0;
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            Optional<Rebuilt> some = statistics.rebuild(AT_A_TIME, left);
            if (some.isEmpty()) {
                return new Progress(Map.of("days", days, "rows", rows), null);
            }
            days += some.get().days();
            rows += some.get().rows();
        }
        return new Progress(Map.of("days", days, "rows", rows), "the stale days");
    }
}
