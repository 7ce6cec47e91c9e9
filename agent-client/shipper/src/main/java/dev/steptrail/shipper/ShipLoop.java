package dev.steptrail.shipper;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships again and again until it is finished or interrupted. While something outside keeps it from that it tries less and
 * less often, after a random pause of at most one second, then two, four, up to a minute, and says what is wrong once, not
 * at each try.
 */
public final class ShipLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ShipLoop.class);

    private final Shipper shipper;
    private final Duration between;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final CountDownLatch finish;
    private final Runnable afterEach;
    private String told = "";

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
     * One that ships all there is once more and returns, as soon as {@code finish} opens.
     *
     * @param afterEach runs after each attempt
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

    /** Whether the pause ended because this is to be finished. */
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

    /** Ships what is due now. Folders that keep theirs are no reason to let the others wait. */
    private Outcome ship() {
        try {
            boolean all = shipper.shipDue();
            tellEnd();
            return all ? Outcome.ALL : Outcome.MORE;
        } catch (IOException e) {
            tell(e);
            return Outcome.ALL;
        } catch (ShipException | RuntimeException | VirtualMachineError e) { // memory may be short for a moment
            tell(e);
            return Outcome.BLOCKED;
        }
    }

    private void shipRest() {
        try {
            shipper.shipAll();
            tellEnd();
        } catch (IOException | ShipException | RuntimeException | VirtualMachineError e) {
            tell(e);
        }
    }

    private void tellEnd() {
        if (!told.isEmpty()) {
            LOG.warn("Shipping again");
            told = "";
        }
    }

    private void tell(Throwable e) {
        String problem = e.getMessage() == null ? e.toString() : e.getMessage();
        String key = e instanceof ShipException kept ? kept.key() : problem;
        // What stopping interrupts is no problem.
        if (!key.equals(told) && !Thread.currentThread().isInterrupted()) {
            LOG.warn("Not shipped, will be tried again: {}", problem);
            told = key;
        }
    }
}
