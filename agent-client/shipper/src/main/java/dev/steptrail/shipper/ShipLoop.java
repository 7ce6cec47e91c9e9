package dev.steptrail.shipper;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs passes of a shipper until it is finished or interrupted. While AWS fails it retries with back-off: after a random pause of
 * at most one second, then two, four, up to a minute. It logs a lasting problem once, not at each attempt.
 */
public final class ShipLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ShipLoop.class);

    private final Shipper shipper;
    private final Duration between;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final CountDownLatch finish;
    private final Runnable afterEach;
    private String reported = "";

    /** The result of one pass. */
    private enum Outcome {
        ALL,
        MORE,
        BLOCKED
    }

    public ShipLoop(Shipper shipper) {
        this(shipper, BatchRules.BETWEEN_LOOKS);
    }

    ShipLoop(Shipper shipper, Duration between) {
        this(shipper, between, new CountDownLatch(1), () -> {});
    }

    /**
     * A loop that ships everything once more and returns as soon as {@code finish} opens.
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
            boolean finishing = false;
            while (!finishing && !Thread.currentThread().isInterrupted()) {
                Outcome outcome = ship();
                afterEach.run();
                finishing = pauseAfter(outcome);
            }
            if (finishing) {
                shipRest();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Pauses, and returns whether {@code finish} opened. */
    private boolean pauseAfter(Outcome outcome) throws InterruptedException {
        if (outcome != Outcome.BLOCKED) {
            backoff.reset();
        }
        Duration pause =
                switch (outcome) {
                    case ALL -> between;
                    case MORE -> Duration.ZERO;
                    case BLOCKED -> backoff.next();
                };
        return finish.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a pass. Broken folders do not slow down the others. */
    private Outcome ship() {
        try {
            boolean all = shipper.shipDue();
            reportRecovery();
            return all ? Outcome.ALL : Outcome.MORE;
        } catch (IOException e) {
            report(e);
            return Outcome.ALL;
        } catch (ShipException | RuntimeException | VirtualMachineError e) { // memory may be short for a moment
            report(e);
            return Outcome.BLOCKED;
        }
    }

    private void shipRest() {
        try {
            shipper.shipAll();
            reportRecovery();
        } catch (IOException | ShipException | RuntimeException | VirtualMachineError e) {
            report(e);
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
        // An error because this is being stopped is not a problem.
        if (!key.equals(reported) && !Thread.currentThread().isInterrupted()) {
            LOG.warn("Not shipped, will retry: {}", problem);
            reported = key;
        }
    }
}
