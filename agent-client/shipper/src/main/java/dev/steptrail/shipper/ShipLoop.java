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
 * and full jitter: at most 1 s, then 2 s, 4 s, up to a minute. It logs a lasting problem once, not at each attempt.
 */
public final class ShipLoop implements Runnable {
    /** The pause before the next attempt. Jitter keeps machines from retrying at the same time after an outage. */
    static final BackoffStrategy BACKOFF =
            BackoffStrategy.exponentialDelay(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private static final Logger LOG = LoggerFactory.getLogger(ShipLoop.class);

    private final Shipper shipper;
    private final Duration between;
    private final CountDownLatch finish;
    private final Runnable afterEach;
    private int attempt = 1;
    private String reported = "";

    public ShipLoop(Shipper shipper) {
        this(shipper, BatchPolicy.POLL_INTERVAL);
    }

    ShipLoop(Shipper shipper, Duration between) {
        this(shipper, between, new CountDownLatch(1), () -> {});
    }

    /**
     * A loop that ships everything once more and returns when {@code finish} reaches zero.
     *
     * @param afterEach runs after each pass
     */
    ShipLoop(Shipper shipper, Duration between, CountDownLatch finish, Runnable afterEach) {
        this.shipper = shipper;
        this.between = between;
        this.finish = finish;
        this.afterEach = afterEach;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean last = finish.getCount() == 0;
                Duration pause = ship(last);
                if (last) {
                    return;
                }
                afterEach.run();
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
    private Duration ship(boolean last) {
        try {
            boolean all = true;
            if (last) {
                shipper.shipAll();
            } else {
                all = shipper.shipDue();
            }
            reportRecovery();
            attempt = 1;
            return all ? between : Duration.ZERO;
        } catch (IOException e) {
            report(e);
            attempt = 1;
            return between;
        } catch (ShipException | RuntimeException | VirtualMachineError e) { // a lack of memory may be temporary
            report(e);
            return BACKOFF.computeDelay(++attempt);
        }
    }

    private void reportRecovery() {
        if (!reported.isEmpty()) {
            LOG.warn("Shipping again");
            reported = "";
        }
    }

    private void report(Throwable e) {
        String problem = e.getMessage() == null ? e.toString() : e.getMessage();
        String key = e instanceof ShipException kept ? kept.key() : problem;
        // An error that an interrupt caused is not a problem.
        if (!key.equals(reported) && !Thread.currentThread().isInterrupted()) {
            LOG.warn("Not shipped, will retry: {}", problem);
            reported = key;
        }
    }
}
