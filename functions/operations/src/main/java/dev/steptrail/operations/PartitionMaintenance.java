package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.PartitionRepository;
import dev.steptrail.store.retention.PartitionRepository.MonthPartition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates partitions for coming months, and for earlier months with rows in the DEFAULT partition. */
final class PartitionMaintenance {
    private final PartitionRepository partitions;

    PartitionMaintenance(Database database) {
        this.partitions = new PartitionRepository(database);
    }

    /** Creates the missing months. A month whose table is locked is skipped and remains for the next run. */
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
