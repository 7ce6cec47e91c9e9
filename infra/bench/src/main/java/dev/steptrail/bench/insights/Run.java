package dev.steptrail.bench.insights;

import dev.steptrail.stepformat.StepRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run of an agent, and what is wrong with it.
 *
 * @param slowness how many times as long as usual each step takes
 * @param seed for what of its records nothing depends on
 * @param planted what is wrong with it alone
 * @param cluster how the runs that failed as it did say it; null where none did
 */
record Run(
        UUID taskId,
        Instant startedAt,
        Group group,
        Setting setting,
        List<Move> moves,
        double slowness,
        Outcome outcome,
        long seed,
        List<Planted> planted,
        @Nullable String cluster) {

    String description() {
        return group.description();
    }

    /** Its start, its steps and, where it was recorded, its end; made anew each time, and always the same. */
    List<StepRecord> records() {
        return new Recording(this).records();
    }
}
