package dev.steptrail.tracker;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of pictures that wait, up to a bound. Thread-safe, and never waits itself. */
final class PictureBytes {
    private final long max;
    private final AtomicLong waiting = new AtomicLong();

    PictureBytes(long max) {
        this.max = max;
    }

    long waiting() {
        return waiting.get();
    }

    /** False if there is no room for so many more. */
    boolean reserve(long bytes) {
        long before = waiting.get();
        while (bytes <= max - before) {
            long found = waiting.compareAndExchange(before, before + bytes);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }

    void release(long bytes) {
        if (bytes > 0) {
            waiting.addAndGet(-bytes);
        }
    }
}
