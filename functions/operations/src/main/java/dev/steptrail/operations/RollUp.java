package dev.steptrail.operations;

import dev.steptrail.store.Database;
import dev.steptrail.store.RebuildDay;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rebuilds the days of the daily statistics that {@link LookForFindings} found to have changed. */
final class RollUp implements Job {
    private final RebuildDay rebuild;

    RollUp(Database database) {
        this.rebuild = new RebuildDay(database);
    }

    @Override
    public String kind() {
        return "rollup";
    }

    /** The days that are still stale show where to go on. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        long days = 0;
        long written = 0;
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            OptionalInt rows = rebuild.next(left);
            if (rows.isEmpty()) {
                return new Progress(Map.of("days", days, "rows", written), null);
            }
            days++;
            written += rows.getAsInt();
        }
        return new Progress(Map.of("days", days, "rows", written), "the stale days");
    }
}
