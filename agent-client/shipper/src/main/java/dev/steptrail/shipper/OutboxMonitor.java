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

/** Measures an outbox, at most every five seconds because it reads the size of every file. Not thread-safe. */
final class OutboxMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedShipping.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final ShipCounts counts;
    private final Consumer<ShippingStats> stats;
    private long next = System.nanoTime();

    OutboxMonitor(Outbox outbox, ShipCounts counts, Consumer<ShippingStats> stats) {
        this.outbox = outbox;
        this.counts = counts;
        this.stats = stats;
    }

    /** Measures, unless it did within the last five seconds. */
    void measureIfDue() {
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + INTERVAL.toNanos();
            measure();
        }
    }

    void measure() {
        try {
            Instant oldest = null;
            for (OutboxTask task : outbox.tasks()) {
                Instant first = oldest(task);
                oldest = first != null && (oldest == null || first.isBefore(oldest)) ? first : oldest;
            }
            stats.accept(new ShippingStats(counts.steps(), FolderSize.of(outbox.folder()), oldest));
        } catch (IOException | RuntimeException | VirtualMachineError e) { // shipping must go on
            LOG.debug("Failed to measure the outbox {}; the last values stay", outbox.folder(), e);
        }
    }

    private static @Nullable Instant oldest(OutboxTask task) {
        try {
            return TaskBacklog.oldestUnshipped(task);
        } catch (IOException | RuntimeException | VirtualMachineError e) { // a line may be larger than the memory
            LOG.debug("Failed to read {}, which the shipper has logged", task.folder(), e);
            return null;
        }
    }
}
