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

    /** Creates the missing partitions. Skips a partition whose table is locked; the next run tries it again. */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        long created = 0;
        long movedRows = 0;
        long skipped = 0;
        @Nullable String firstSkipped = null;
        for (MonthPartition month : partitions.findMissing()) {
            Optional<Long> rows = partitions.create(month, remaining.get());
            if (rows.isPresent()) {
                created++;
                movedRows += rows.get();
            } else {
                skipped++;
                firstSkipped = firstSkipped == null ? month.name() : firstSkipped;
            }
        }
        return new Progress(Map.of("made", created, "moved_rows", movedRows, "left", skipped), firstSkipped);
    }
}
