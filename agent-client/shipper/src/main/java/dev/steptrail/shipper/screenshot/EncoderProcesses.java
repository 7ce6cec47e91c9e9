package dev.steptrail.shipper.screenshot;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/** Bounds how many encoder processes run at once: whoever has one too many waits. Thread-safe. */
final class EncoderProcesses {
    private final Semaphore free;

    /** What one process does. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    EncoderProcesses(int atOnce) {
        free = new Semaphore(atOnce, true);
    }

    /** What an encoder makes of a PNG. */
    @FunctionalInterface
    interface Encoding {
        byte[] encode(byte[] png) throws IOException;
    }

    /**
     * What the encoder makes of the picture, damaged or not.
     *
     * @throws BrokenImageException if {@code png} is no picture
     * @throws IOException if the encoder itself cannot work
     */
    byte[] encode(byte[] png, Encoding encoding) throws IOException {
        try {
            return run(() -> encoding.encode(png));
        } catch (PipedProgram.RefusedException refused) {
            // The encoder is stricter than most readers. What it refuses of a picture that was written anew, it refuses
            // of all: a bad picture is one loss, a broken encoder would be the loss of all.
            byte[] anew = PngCheck.writtenAnew(png);
            return run(() -> encoding.encode(anew));
        }
    }

    <T> T run(Work<T> work) throws IOException {
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
