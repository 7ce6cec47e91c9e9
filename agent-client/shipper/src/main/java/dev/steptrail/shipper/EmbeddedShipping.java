package dev.steptrail.shipper;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.state.TaskBacklog;
import dev.steptrail.tracker.internal.outbox.FolderSize;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.shipping.OutboxShipping;
import dev.steptrail.tracker.shipping.ShippingStats;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Ships outboxes from within an agent's process. Trackers find this class by {@link java.util.ServiceLoader}.
 * Thread-safe; one instance may ship several outboxes.
 */
public final class EmbeddedShipping implements OutboxShipping {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedShipping.class);

    private final Duration pollInterval;

    /** Called by {@link java.util.ServiceLoader}. */
    public EmbeddedShipping() {
        this(ShipLoop.POLL_INTERVAL);
    }

    /** @param pollInterval how often to look for new lines; half as often, whether another shipper holds the lock */
    EmbeddedShipping(Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    @Override
    public void ship(Outbox outbox, Map<String, String> settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        try {
            shipWhenFree(outbox, ShipperSettings.from(settings), finish, stats);
        } catch (SettingsException e) {
            // Without any settings, shipping from this process is not intended, so it is not worth a warning.
            boolean intended = settings.keySet().stream().anyMatch(name -> name.startsWith("STEPTRAIL_"));
            LOG.atLevel(intended ? Level.WARN : Level.INFO)
                    .log("Not shipping {} from this process: {}", outbox.folder(), e.getMessage());
        }
    }

    private void shipWhenFree(
            Outbox outbox, ShipperSettings settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        int attempt = 1;
        String reportedError = "";
        while (true) {
            boolean last = finish.getCount() == 0;
            Duration pause = pollInterval.multipliedBy(2);
            try {
                if (shipIfFree(outbox, settings, finish, stats)) {
                    return;
                }
            } catch (IOException e) {
                pause = ShipLoop.backoff(pollInterval).computeDelay(++attempt);
                if (!reportedError.equals(e.toString())) {
                    reportedError = e.toString();
                    LOG.warn("Not shipping {} from this process, will retry: {}", outbox.folder(), reportedError);
                }
            }
            if (last) {
                return;
            }
            finish.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ships until {@code finish} reaches zero; returns false at once if another shipper holds the outbox's lock. */
    private boolean shipIfFree(
            Outbox outbox, ShipperSettings settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws IOException {
        if (outbox.hasActiveShipper()) {
            return false;
        }
        OutboxMonitor monitor = new OutboxMonitor(outbox, stats);
        WebpEncoder encoder = new WebpEncoder(settings.webp(), () -> finish.getCount() > 0 && !monitor.isBehind());
        Optional<Shipper> opened = Shipper.open(outbox, settings, encoder, Clock.systemUTC());
        if (opened.isEmpty()) {
            return false;
        }
        try (Shipper shipper = opened.get()) {
            ShipCounts counts = shipper.counts();
            new ShipLoop(shipper, pollInterval, finish, () -> monitor.measureIfDue(counts)).run();
            monitor.measure(counts);
        }
        return true;
    }

    /** Measures an outbox, at most every 5 s, because a measurement reads the size of every file. */
    private static final class OutboxMonitor {
        private static final Duration INTERVAL = Duration.ofSeconds(5);

        /** Once a step has waited this long, encoders stop pausing, because a full outbox loses screenshots. */
        private static final Duration MAX_DELAY = Duration.ofMinutes(1);

        private final Outbox outbox;
        private final Consumer<ShippingStats> stats;
        private long nextMeasurement = System.nanoTime();
        private volatile @Nullable Instant oldestUnshipped;

        OutboxMonitor(Outbox outbox, Consumer<ShippingStats> stats) {
            this.outbox = outbox;
            this.stats = stats;
        }

        void measureIfDue(ShipCounts counts) {
            if (System.nanoTime() - nextMeasurement >= 0) {
                nextMeasurement = System.nanoTime() + INTERVAL.toNanos();
                measure(counts);
            }
        }

        void measure(ShipCounts counts) {
            try {
                Instant oldest = null;
                for (OutboxTask task : outbox.tasks()) {
                    Instant first = oldestUnshipped(task);
                    oldest = first != null && (oldest == null || first.isBefore(oldest)) ? first : oldest;
                }
                oldestUnshipped = oldest;
                stats.accept(new ShippingStats(counts.steps(), FolderSize.measure(outbox.folder()), oldest));
            } catch (IOException | RuntimeException | VirtualMachineError e) { // must not stop shipping
                LOG.debug("Failed to measure the outbox {}; keeping the previous values", outbox.folder(), e);
            }
        }

        /** Returns whether the oldest step of the last measurement has waited for a minute. Thread-safe. */
        boolean isBehind() {
            Instant oldest = oldestUnshipped;
            return oldest != null && !oldest.isAfter(Instant.now().minus(MAX_DELAY));
        }

        private static @Nullable Instant oldestUnshipped(OutboxTask task) {
            try {
                return TaskBacklog.findOldestUnshipped(task);
            } catch (IOException | RuntimeException | VirtualMachineError e) { // a line may be larger than the memory
                LOG.debug("Failed to read {}, which the shipper has logged", task.folder(), e);
                return null;
            }
        }
    }
}
