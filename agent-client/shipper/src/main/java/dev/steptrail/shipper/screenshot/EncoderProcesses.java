package dev.steptrail.shipper.screenshot;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Bounds how many encoder processes run at once: whoever has one too many waits. Beside an agent at work each is followed by a
 * rest of three times as long as it took, since it slows down its neighbours even at a low priority: they share caches and
 * memory.
 * Thread-safe.
 */
final class EncoderProcesses {
    /** As many times as long as it took. */
    private static final int RESTS = 3;

    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final Semaphore free;
    private final BooleanSupplier besideAnAgent;

    /** What one process does. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    EncoderProcesses(int atOnce, BooleanSupplier besideAnAgent) {
        free = new Semaphore(atOnce, true);
        this.besideAnAgent = besideAnAgent;
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
        long begun = System.nanoTime();
        try {
            return work.run();
        } finally {
            rest(System.nanoTime() - begun);
            free.release();
        }
    }

    private void rest(long nanos) {
        try {
            if (besideAnAgent.getAsBoolean()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(RESTS * nanos, LONGEST_REST.toNanos()));
            }
        } catch (InterruptedException e) {
            // Whoever is done with this thread is so after its work, which is done.
            Thread.currentThread().interrupt();
        }
    }
}
