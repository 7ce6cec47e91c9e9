package dev.steptrail.cli.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops work when a signal ends the process, and lets the process wait until the work is completed. Close it after the
 * work.
 */
public final class StopOnSignal implements AutoCloseable {
    private final CountDownLatch completed = new CountDownLatch(1);
    private final Thread hook;
    private volatile Runnable stop;

    /**
     * Begins to wait for a signal.
     *
     * @param stop is called on a signal, on another thread
     * @param timeout how long the process waits for the work
     * @param afterTimeout is called if the work is not completed then
     */
    public StopOnSignal(Runnable stop, Duration timeout, Runnable afterTimeout) {
        this.stop = stop;
        hook = new Thread(
                () -> {
                    this.stop.run();
                    try {
                        if (!completed.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                            afterTimeout.run();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "steptrail-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Replaces what is called on a signal from now on. */
    public void setStop(Runnable newStop) {
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
