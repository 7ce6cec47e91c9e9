package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.statistics.RebuildDays;
import dev.steptrail.store.statistics.RebuildDays.Rebuilt;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rebuilds the days of the daily statistics that {@link LookForFindings} found to have changed. */
final class RollUp implements Job {
    /** Steps may say any day: whoever made an agent say 50,000 of them would hold up those of others, one by one. */
    private static final int AT_A_TIME = 100;

    private final RebuildDays rebuild;

    RollUp(Database database) {
        this.rebuild = new RebuildDays(database);
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
            Optional<Rebuilt> some = rebuild.some(AT_A_TIME, left);
            if (some.isEmpty()) {
                return new Progress(Map.of("days", days, "rows", rows), null);
            }
            days += some.get().days();
            rows += some.get().rows();
        }
        return new Progress(Map.of("days", days, "rows", rows), "the stale days");
    }
}
