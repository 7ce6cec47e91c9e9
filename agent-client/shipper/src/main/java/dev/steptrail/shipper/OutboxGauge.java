package dev.steptrail.shipper;

import dev.steptrail.shipper.state.TaskBacklog;
import dev.steptrail.tracker.outbox.FolderSize;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxTask;
import dev.steptrail.tracker.shipping.ShippingStats;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what is in an outbox, looking at most every five seconds, since it looks at every file. Not thread-safe. */
final class OutboxGauge {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedShipping.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final ShipCounts counts;
    private final Consumer<ShippingStats> stats;
    private long nextLook = System.nanoTime();

    OutboxGauge(Outbox outbox, ShipCounts counts, Consumer<ShippingStats> stats) {
        this.outbox = outbox;
        this.counts = counts;
        this.stats = stats;
    }

    /** Tells, if it has not just told. */
    void look() {
        if (System.nanoTime() - nextLook >= 0) {
            nextLook = System.nanoTime() + BETWEEN_LOOKS.toNanos();
            tell();
        }
    }

    void tell() {
        try {
            Instant oldest = null;
            for (OutboxTask task : outbox.tasks()) {
                Instant first = oldest(task);
                oldest = first != null && (oldest == null || first.isBefore(oldest)) ? first : oldest;
            }
            stats.accept(new ShippingStats(counts.steps(), FolderSize.of(outbox.folder()), oldest));
        } catch (IOException | RuntimeException | VirtualMachineError e) { // this is no reason not to ship
            LOG.debug("The outbox {} cannot be measured, what was last known stays", outbox.folder(), e);
        }
    }

    private static @Nullable Instant oldest(OutboxTask task) {
        try {
            return TaskBacklog.oldestUnshipped(task);
        } catch (IOException | RuntimeException | VirtualMachineError e) { // a line may take more memory than there is
            LOG.debug("{} cannot be read, as the shipper has told", task.folder(), e);
            return null;
        }
    }
}
