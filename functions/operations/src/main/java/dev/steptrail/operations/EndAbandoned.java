package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.IdleTasks;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends tasks whose agent went away and that no shipper ended: its machine may be gone as well. */
final class EndAbandoned implements Job {
    /** Some milliseconds' worth: a step that comes after all waits no longer. */
    private static final int AT_A_TIME = 500;

    private final IdleTasks idle;

    EndAbandoned(Database database) {
        this.idle = new IdleTasks(database);
    }

    @Override
    public String kind() {
        return "states";
    }

    /** The tasks that still run show where to go on. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        long abandoned = 0;
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            int some = idle.abandon(AT_A_TIME, left);
            abandoned += some;
            if (some < AT_A_TIME) {
                return new Progress(Map.of("abandoned", abandoned), null);
            }
        }
        return new Progress(Map.of("abandoned", abandoned), "the tasks that still run");
    }
}
