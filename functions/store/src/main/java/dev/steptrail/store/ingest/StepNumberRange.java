package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Sql;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A range of consecutive step numbers of one task, which one index probe reads. */
record StepNumberRange(UUID taskId, int first, int last) {
    /** The order of UUIDs in Postgres, in which tasks are locked. {@link UUID#compareTo} compares signed numbers. */
    static final Comparator<UUID> ID_ORDER = Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
            .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    private static final Comparator<StepNumberRange> ORDER =
            Comparator.comparing(StepNumberRange::taskId, ID_ORDER).thenComparingInt(StepNumberRange::first);

    static StepNumberRange of(UUID taskId, int stepNumber) {
        return new StepNumberRange(taskId, stepNumber, stepNumber);
    }

    /** Joins ranges that overlap or are adjacent, and sorts them by id and number. */
    static List<StepNumberRange> join(Stream<StepNumberRange> ranges) {
        List<StepNumberRange> joined = new ArrayList<>();
        ranges.sorted(ORDER).forEach(range -> {
            StepNumberRange before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before != null && before.isFollowedBy(range)) {
                joined.set(
                        joined.size() - 1,
                        new StepNumberRange(range.taskId, before.first, Math.max(before.last, range.last)));
            } else {
                joined.add(range);
            }
        });
        return joined;
    }

    /** Returns five parameters: arrays of task ids, first and last numbers, and the lowest and highest task id. */
    static List<@Nullable Object> parameters(Stream<StepNumberRange> ranges) {
        List<StepNumberRange> joined = join(ranges);
        return Arrays.asList(
                Sql.column("uuid", joined, StepNumberRange::taskId),
                Sql.column("integer", joined, StepNumberRange::first),
                Sql.column("integer", joined, StepNumberRange::last),
                joined.isEmpty() ? null : joined.get(0).taskId,
                joined.isEmpty() ? null : joined.get(joined.size() - 1).taskId);
    }

    /** Returns whether a range that starts at or after this one overlaps it or is adjacent. */
    private boolean isFollowedBy(StepNumberRange next) {
        return taskId.equals(next.taskId) && next.first - 1 <= last;
    }
}
