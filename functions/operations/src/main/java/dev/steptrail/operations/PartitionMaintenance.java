package dev.steptrail.operations;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.PartitionRepository;
import dev.steptrail.store.retention.PartitionRepository.MonthPartition;
import java.time.Duration;
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
        JobRun run = new JobRun(remaining, "made", "moved_rows", "left");
        @Nullable String firstSkipped = null;
        for (MonthPartition month : partitions.findMissing()) {
            Optional<Long> rows = partitions.create(month, run.remaining());
            run.count(rows.isPresent() ? "made" : "left", 1);
            run.count("moved_rows", rows.orElse(0L));
            firstSkipped = rows.isPresent() || firstSkipped != null ? firstSkipped : month.name();
        }
        return run.end(firstSkipped);
    }
}
