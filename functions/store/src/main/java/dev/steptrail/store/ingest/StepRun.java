package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Sql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A range of consecutive steps of one task, which one index probe finds. */
record StepRun(UUID taskId, int first, int last) {
    /** The lock order: that of UUIDs in Postgres. {@link UUID#compareTo} compares signed numbers. */
    static final Comparator<UUID> ID_ORDER = Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
            .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    private static final Comparator<StepRun> ORDER =
            Comparator.comparing(StepRun::taskId, ID_ORDER).thenComparingInt(StepRun::first);

    static StepRun of(UUID taskId, int stepNumber) {
        return new StepRun(taskId, stepNumber, stepNumber);
    }

    /** Joins ranges that overlap or are adjacent, and sorts them by id and number. */
    static List<StepRun> joined(Stream<StepRun> runs) {
        List<StepRun> joined = new ArrayList<>();
        runs.sorted(ORDER).forEach(run -> {
            StepRun before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before != null && before.reaches(run)) {
                joined.set(joined.size() - 1, new StepRun(run.taskId, before.first, Math.max(before.last, run.last)));
            } else {
                joined.add(run);
            }
        });
        return joined;
    }

    /** Returns five parameters: arrays of task ids, first and last numbers, and the lowest and highest task id. */
    static List<@Nullable Object> parameters(Stream<StepRun> runs) {
        List<StepRun> joined = joined(runs);
        return Arrays.asList(
                Sql.column("uuid", joined, StepRun::taskId),
                Sql.column("integer", joined, StepRun::first),
                Sql.column("integer", joined, StepRun::last),
                joined.isEmpty() ? null : joined.get(0).taskId,
                joined.isEmpty() ? null : joined.get(joined.size() - 1).taskId);
    }

    private boolean reaches(StepRun next) {
        return taskId.equals(next.taskId) && next.first - 1 <= last;
    }
}
