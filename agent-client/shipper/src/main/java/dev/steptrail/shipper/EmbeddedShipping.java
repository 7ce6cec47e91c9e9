package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.shipping.OutboxShipping;
import dev.steptrail.tracker.shipping.ShippingStats;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Ships within an agent's process; trackers find it by {@link java.util.ServiceLoader}. Thread-safe; one object may ship many outboxes. */
public final class EmbeddedShipping implements OutboxShipping {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedShipping.class);

    /** How often to check whether another shipper still holds the outbox. */
    private static final Duration STAND_BY = Duration.ofSeconds(2);

    /** Once steps have waited this long, encoders stop resting: an outbox that fills up loses screenshots. */
    private static final Duration BEHIND = Duration.ofMinutes(1);

    /** For {@link java.util.ServiceLoader}. */
    public EmbeddedShipping() {}

    @Override
    public void ship(Outbox outbox, Map<String, String> settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        try {
            takeAndShip(outbox, ShipperSettings.from(settings), finish, stats);
        } catch (SettingsException e) {
            // Without any setting, shipping from here was not intended; with an incomplete one it was.
            boolean intended = settings.keySet().stream().anyMatch(name -> name.startsWith("STEPTRAIL_"));
            LOG.atLevel(intended ? Level.WARN : Level.INFO)
                    .log("Not shipping {} from this process: {}", outbox.folder(), e.getMessage());
        }
    }

    private static void takeAndShip(
            Outbox outbox, ShipperSettings settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        String reported = "";
        while (true) {
            boolean last = finish.getCount() == 0;
            Duration pause = STAND_BY;
            try {
                if (shipIfFree(outbox, settings, finish, stats)) {
                    return;
                }
            } catch (IOException e) {
                pause = backoff.next();
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
        if (outbox.isBeingShipped()) {
            return false;
        }
        AtomicReference<@Nullable Instant> oldest = new AtomicReference<>();
        WebpEncoder encoder = new WebpEncoder(settings.webp(), () -> finish.getCount() > 0 && isRecent(oldest.get()));
        Optional<Shipper> opened = Shipper.open(outbox, settings, encoder, Clock.systemUTC());
        if (opened.isEmpty()) {
            return false;
        }
        try (Shipper shipper = opened.get()) {
            Consumer<ShippingStats> known = stats.andThen(now -> oldest.set(now.oldestUnshipped()));
            OutboxMonitor monitor = new OutboxMonitor(outbox, shipper.counts(), known);
            new ShipLoop(shipper, BatchRules.BETWEEN_LOOKS, finish, monitor::measureIfDue).run();
            monitor.measure();
        }
        return true;
    }

    private static boolean isRecent(@Nullable Instant oldestUnshipped) {
        return oldestUnshipped == null || oldestUnshipped.isAfter(Instant.now().minus(BEHIND));
    }
}
