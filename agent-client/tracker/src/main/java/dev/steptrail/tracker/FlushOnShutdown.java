package dev.steptrail.tracker;

import java.time.Duration;

/**
 * Lets a tracker that nobody closed write what is queued when its process exits normally: the writer thread is a daemon and
 * would be cut off. Open tasks are not ended, since nobody said how they went. The hook refers to the queue and not to the
 * tracker.
 */
final class FlushOnShutdown {
    /** An agent that exits should not seem to hang. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private final Thread hook;

    private FlushOnShutdown(HandoffQueue queue, Duration timeout) {
        Duration wait = timeout.compareTo(MAX_WAIT) < 0 ? timeout : MAX_WAIT;
        // Without inheriting the thread locals of the thread that builds the tracker, which it would keep alive.
        hook = new Thread(null, () -> flush(queue, wait), "steptrail-flush", 0, false);
        hook.setContextClassLoader(null);
    }

    /** Waits at exit for {@code timeout}, at most 5 s. */
    static FlushOnShutdown register(HandoffQueue queue, Duration timeout) {
        FlushOnShutdown flush = new FlushOnShutdown(queue, timeout);
        try {
            Runtime.getRuntime().addShutdownHook(flush.hook);
        } catch (IllegalStateException alreadyExiting) {
            return flush;
        }
        return flush;
    }

    void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyExiting) {
            return; // the hook waits beside the thread that closes the tracker
        }
    }

    private static void flush(HandoffQueue queue, Duration timeout) {
        try {
            queue.awaitWritten(queue.position(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
