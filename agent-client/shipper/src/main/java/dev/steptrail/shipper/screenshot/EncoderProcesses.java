package dev.steptrail.shipper.screenshot;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/** Bounds how many encoder processes run at once: whoever has one too many waits. Thread-safe. */
final class EncoderProcesses {
    private final Semaphore free;

    /** What one process does. */
    @FunctionalInterface
    interface Work {
        byte[] run() throws IOException;
    }

    EncoderProcesses(int atOnce) {
        free = new Semaphore(atOnce, true);
    }

    byte[] run(Work work) throws IOException {
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the encoder");
        }
        try {
            return work.run();
        } finally {
            free.release();
        }
    }
}
