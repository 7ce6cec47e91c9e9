package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.PartitionRepository;
import dev.steptrail.store.retention.PartitionRepository.MonthPartition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the months ahead, and takes tasks of earlier months out of the DEFAULT partition into months of their own. */
final class KeepPartitions {
    private final PartitionRepository partitions;

    KeepPartitions(Database database) {
        this.partitions = new PartitionRepository(database);
    }

    /**
     * A month whose table others hold is left for the next run, and the ones after it are made all the same. Which months are
     * missing shows where to go on.
     */
    Progress run(Supplier<Duration> remaining, @Nullable String resumedAt) {
        long made = 0;
        long moved = 0;
        long left = 0;
        @Nullable String resumeAt = null;
        for (MonthPartition month : partitions.findMissing()) {
            Optional<Long> rows = partitions.create(month, remaining);
            if (rows.isPresent()) {
                made++;
                moved += rows.get();
            } else {
                left++;
                resumeAt = resumeAt == null ? month.name() : resumeAt;
            }
        }
        return new Progress(Map.of("made", made, "moved_rows", moved, "left", left), resumeAt);
    }
}
