package dev.steptrail.tracker;

import java.time.Duration;

/**
 * Lets a tracker that nobody closed write what is queued when its process ends in a way that is told to it: the writer thread is
 * a daemon, and would be cut off. The open task is not ended, for nobody said how it went. It holds the queue, which the
 * writer thread holds too, and not the tracker.
 */
final class LastWrite {
    /** An agent that is to end should not seem to hang. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final HandoffQueue queue;
    private final Duration timeout;
    private final Thread hook;

    private LastWrite(HandoffQueue queue, Duration timeout) {
        this.queue = queue;
        this.timeout = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
        // Without the thread locals of whoever builds the tracker, which it would keep.
        this.hook = new Thread(null, this::write, "steptrail-last-write", 0, false);
        this.hook.setContextClassLoader(null);
    }

    /** Waits at the end of the process for so long, or some seconds if that is less. */
    static LastWrite of(HandoffQueue queue, Duration timeout) {
        LastWrite last = new LastWrite(queue, timeout);
        try {
            Runtime.getRuntime().addShutdownHook(last.hook);
        } catch (IllegalStateException alreadyEnding) {
            return last;
        }
        return last;
    }

    /** There is no need for it any more. */
    void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            return; // it waits beside whoever closes the tracker
        }
    }

    private void write() {
        try {
            queue.awaitWritten(queue.place(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
