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

    /** How often to check whether another shipper still holds the outbox. */
    private static final Duration STAND_BY = Duration.ofSeconds(2);

    /** For {@link java.util.ServiceLoader}. */
    public EmbeddedShipping() {}

    @Override
    public void ship(Outbox outbox, Map<String, String> settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        try {
            takeAndShip(outbox, ShipperSettings.from(settings), finish, stats);
        } catch (SettingsException e) {
            // Incomplete settings are a mistake; no settings mean that shipping from this process is not intended.
            boolean intended = settings.keySet().stream().anyMatch(name -> name.startsWith("STEPTRAIL_"));
            LOG.atLevel(intended ? Level.WARN : Level.INFO)
                    .log("Not shipping {} from this process: {}", outbox.folder(), e.getMessage());
        }
    }

    private static void takeAndShip(
            Outbox outbox, ShipperSettings settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        int attempt = 1;
        String reported = "";
        while (true) {
            boolean last = finish.getCount() == 0;
            Duration pause = STAND_BY;
            try {
                if (shipIfFree(outbox, settings, finish, stats)) {
                    return;
                }
            } catch (IOException e) {
                pause = ShipLoop.BACKOFF.computeDelay(++attempt);
                if (!reported.equals(e.toString())) {
                    reported = e.toString();
                    LOG.warn("Not shipping {} from this process, will retry: {}", outbox.folder(), reported);
                }
            }
            if (last) {
                return;
            }
            finish.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ships until finished; returns false at once if another shipper holds the outbox. */
    private static boolean shipIfFree(
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
            new ShipLoop(shipper, BatchPolicy.POLL_INTERVAL, finish, () -> monitor.measureIfDue(counts)).run();
            monitor.measure(counts);
        }
        return true;
    }

    /** Measures an outbox, at most every 5 s because that reads the size of every file. */
    private static final class OutboxMonitor {
        private static final Duration INTERVAL = Duration.ofSeconds(5);

        /** Once steps have waited this long, encoders stop pausing, because a full outbox loses screenshots. */
        private static final Duration BEHIND = Duration.ofMinutes(1);

        private final Outbox outbox;
        private final Consumer<ShippingStats> stats;
        private long next = System.nanoTime();
        private volatile @Nullable Instant oldest;

        OutboxMonitor(Outbox outbox, Consumer<ShippingStats> stats) {
            this.outbox = outbox;
            this.stats = stats;
        }

        /** Measures, unless the last measurement is less than 5 s old. */
        void measureIfDue(ShipCounts counts) {
            if (System.nanoTime() - next >= 0) {
                next = System.nanoTime() + INTERVAL.toNanos();
                measure(counts);
            }
        }

        void measure(ShipCounts counts) {
            try {
                Instant earliest = null;
                for (OutboxTask task : outbox.tasks()) {
                    Instant first = oldest(task);
                    earliest = first != null && (earliest == null || first.isBefore(earliest)) ? first : earliest;
                }
                oldest = earliest;
                stats.accept(new ShippingStats(counts.steps(), FolderSize.of(outbox.folder()), earliest));
            } catch (IOException | RuntimeException | VirtualMachineError e) { // shipping must go on
                LOG.debug("Failed to measure the outbox {}; the last values stay", outbox.folder(), e);
            }
        }

        /** Whether steps had waited for more than a minute at the last measurement. Thread-safe. */
        boolean isBehind() {
            Instant since = oldest;
            return since != null && !since.isAfter(Instant.now().minus(BEHIND));
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
}
