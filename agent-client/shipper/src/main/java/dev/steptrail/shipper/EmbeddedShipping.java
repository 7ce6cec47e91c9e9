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

/** Ships from within an agent's process, where a tracker finds it. Thread-safe; one object may ship many outboxes. */
public final class EmbeddedShipping implements OutboxShipping {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedShipping.class);

    /** How often it looks whether the shipper that is at work has gone. */
    private static final Duration STAND_BY = Duration.ofSeconds(2);

    /** With steps that wait for so long it hurries, though the agent may notice: an outbox that fills up loses pictures. */
    private static final Duration BEHIND = Duration.ofMinutes(1);

    /** For {@link java.util.ServiceLoader}. */
    public EmbeddedShipping() {}

    @Override
    public void ship(Outbox outbox, Map<String, String> settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        try {
            takeAndShip(outbox, ShipperSettings.from(settings), finish, stats);
        } catch (SettingsException e) {
            // Where nothing is set nobody meant to ship from here; where something is, somebody waits for it.
            boolean meant = settings.keySet().stream().anyMatch(name -> name.startsWith("STEPTRAIL_"));
            LOG.atLevel(meant ? Level.WARN : Level.INFO)
                    .log("Not shipping {} from this process: {}", outbox.folder(), e.getMessage());
        }
    }

    private static void takeAndShip(
            Outbox outbox, ShipperSettings settings, CountDownLatch finish, Consumer<ShippingStats> stats)
            throws InterruptedException {
        Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        String told = "";
        while (true) {
            boolean last = finish.getCount() == 0;
            Duration pause = STAND_BY;
            try {
                if (shipIfFree(outbox, settings, finish, stats)) {
                    return;
                }
            } catch (IOException e) {
                pause = backoff.next();
                if (!told.equals(e.toString())) {
                    told = e.toString();
                    LOG.warn("Not shipping {} from this process, will be tried again: {}", outbox.folder(), told);
                }
            }
            if (last) {
                return;
            }
            finish.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** False if another one ships; true when this one has finished. */
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
            OutboxGauge gauge = new OutboxGauge(outbox, shipper.counts(), known);
            new ShipLoop(shipper, BatchRules.BETWEEN_LOOKS, finish, gauge::look).run();
            gauge.tell();
        }
        return true;
    }

    private static boolean isRecent(@Nullable Instant oldestUnshipped) {
        return oldestUnshipped == null || oldestUnshipped.isAfter(Instant.now().minus(BEHIND));
    }
}
