package dev.steptrail.shipper;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships again and again until interrupted. While something outside keeps it from that it tries less and less often, after
 * a random pause of at most one second, then two, four, up to a minute, and says what is wrong once, not at each try.
 */
public final class ShipLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ShipLoop.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Shipper shipper;
    private final Duration between;
    private String told = "";

    public ShipLoop(Shipper shipper) {
        this(shipper, PAUSE);
    }

    ShipLoop(Shipper shipper, Duration between) {
        this.shipper = shipper;
        this.between = between;
    }

    @Override
    public void run() {
        Duration pause = PAUSE;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (ship()) {
                    pause = PAUSE;
                    Thread.sleep(between.toMillis());
                } else {
                    Thread.sleep(ThreadLocalRandom.current().nextLong(pause.toMillis() + 1));
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ships what is there now; false if the cloud keeps it. Folders that keep theirs are no reason to let the others wait. */
    private boolean ship() {
        try {
            shipper.shipAll();
            if (!told.isEmpty()) {
                LOG.warn("Shipping again");
                told = "";
            }
            return true;
        } catch (IOException e) {
            tell(e);
            return true;
        } catch (ShipException | RuntimeException e) {
            tell(e);
            return false;
        }
    }

    private void tell(Exception e) {
        String problem = e.getMessage() == null ? e.toString() : e.getMessage();
        // What stopping interrupts is no problem.
        if (!problem.equals(told) && !Thread.currentThread().isInterrupted()) {
            LOG.warn("Not shipped, will be tried again: {}", problem);
            told = problem;
        }
    }
}
