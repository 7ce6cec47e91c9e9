package dev.steptrail.shipper;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * Runs passes of a shipper until it is finished or interrupted. While AWS fails, it retries with exponential back-off
 * and full jitter: at most 1 s, then 2 s, 4 s, up to a minute. A problem that persists is logged once.
 */
public final class ShipLoop implements Runnable {
    /** The poll interval for new lines, and thus the maximum age of a line when it is found. */
    static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private static final int MAX_BACKOFF_FACTOR = 60;

    private static final Logger LOG = LoggerFactory.getLogger(ShipLoop.class);

    private final Shipper shipper;
    private final Duration interval;
    private final BackoffStrategy backoff;
    private final CountDownLatch finish;
    private final Runnable afterPass;
    private int attempt = 1;
    private String reportedKey = "";

    public ShipLoop(Shipper shipper) {
        this(shipper, POLL_INTERVAL);
    }

    ShipLoop(Shipper shipper, Duration interval) {
        this(shipper, interval, new CountDownLatch(1), () -> {});
    }

    /**
     * Creates a loop. When {@code finish} reaches zero, it ships everything once more and returns.
     *
     * @param interval the pause between passes
     * @param afterPass runs after each pass
     */
    ShipLoop(Shipper shipper, Duration interval, CountDownLatch finish, Runnable afterPass) {
        this.shipper = shipper;
        this.interval = interval;
        backoff = backoff(interval);
        this.finish = finish;
        this.afterPass = afterPass;
    }

    /**
     * Returns pauses before the next attempt of at most {@code interval}, then twice as long, up to 60 times as long.
     * Jitter keeps machines from retrying at the same time after an outage.
     */
    static BackoffStrategy backoff(Duration interval) {
        return BackoffStrategy.exponentialDelay(interval, interval.multipliedBy(MAX_BACKOFF_FACTOR));
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean last = finish.getCount() == 0;
                Duration pause = runPass(last);
                if (last) {
                    return;
                }
                afterPass.run();
                finish.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs a pass and returns the pause before the next one. The last pass ships everything. A broken folder causes no
     * back-off, so it does not delay other tasks.
     */
    private Duration runPass(boolean last) {
        try {
            boolean done = true;
            if (last) {
                shipper.shipAll();
            } else {
                done = shipper.shipDue();
            }
            reportRecovery();
            attempt = 1;
            return done ? interval : Duration.ZERO;
        } catch (IOException e) {
            report(e);
            attempt = 1;
            return interval;
        } catch (ShipException | RuntimeException | VirtualMachineError e) { // a lack of memory may be temporary
            report(e);
            return backoff.computeDelay(++attempt);
        }
    }

    private void reportRecovery() {
        if (!reportedKey.isEmpty()) {
            LOG.warn("Shipping resumed");
            reportedKey = "";
        }
    }

    private void report(Throwable e) {
        String problem = e.getMessage() == null ? e.toString() : e.getMessage();
        String key = e instanceof ShipException shipException ? shipException.key() : problem;
        // While the thread is interrupted, the interrupt may have caused the error.
        if (!key.equals(reportedKey) && !Thread.currentThread().isInterrupted()) {
            LOG.warn("Not shipped, will retry: {}", problem);
            reportedKey = key;
        }
    }
}
