package dev.steptrail.cli.phone;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops work when a signal ends the process, and lets the process wait until the work is completed: until tasks are
 * recorded and delivered, and phones are closed. Close it after them.
 */
final class StopOnSignal implements AutoCloseable {
    /** The delivery takes up to 30 s; a request to a phone ends at an interruption, or at its deadline. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final CountDownLatch completed = new CountDownLatch(1);
    private final Thread hook;
    private volatile Runnable stop;

    /** @param stop is called on a signal, on another thread */
    StopOnSignal(Runnable stop) {
        this.stop = stop;
        hook = new Thread(
                () -> {
                    this.stop.run();
                    try {
                        completed.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "steptrail-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Replaces what is called on a signal from now on. */
    void setStop(Runnable newStop) {
        stop = newStop;
    }

    /** Reports that the work is completed. */
    @Override
    public void close() {
        completed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shutdownHasBegun) {
            return; // the hook runs now, and ends because the work is completed
        }
    }
}
