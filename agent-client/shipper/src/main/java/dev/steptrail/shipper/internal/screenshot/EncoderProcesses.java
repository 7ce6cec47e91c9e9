package dev.steptrail.shipper.internal.screenshot;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Limits how many encoder processes run at once. Beside a working agent, each is followed by a rest of three times its duration:
 * even at a low priority an encoder slows down other processes, because they share caches and memory bandwidth. Thread-safe.
 */
final class EncoderProcesses {
    private static final int REST_FACTOR = 3;
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /** So that one screenshot is uploaded while another is encoded, on a slow line too. */
    private static final int UPLOADING = 3;

    /** One permit for each encoder process that may run in this JVM under the highest limit. */
    private static final Semaphore SHARED = permits();

    private final int limit;
    private final Semaphore permits;
    private final BooleanSupplier besideAnAgent;

    /** The use of one process. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** An encoder of PNG. */
    @FunctionalInterface
    interface Encoding {
        byte[] encode(byte[] png) throws IOException;
    }

    EncoderProcesses(int limit, BooleanSupplier besideAnAgent) {
        this(limit, permits(), besideAnAgent);
    }

    EncoderProcesses(int limit, Semaphore permits, BooleanSupplier besideAnAgent) {
        this.limit = limit;
        this.permits = permits;
        this.besideAnAgent = besideAnAgent;
    }

    /**
     * Returns the encoder processes of this JVM. {@link #run} waits while as many of them run as {@code limit}, those of other limits
     * included, and while one that waits longer has a lower limit.
     */
    static EncoderProcesses shared(int limit, BooleanSupplier besideAnAgent) {
        return new EncoderProcesses(limit, SHARED, besideAnAgent);
    }

    /** The permits of encoders that count each other's processes. */
    static Semaphore permits() {
        return new Semaphore(WebpSettings.MOST_PROCESSES, true);
    }

    /** How many pictures to hold in memory to keep the encoders busy; fewer beside an agent. */
    int pictures() {
        return limit + (besideAnAgent.getAsBoolean() ? 1 : UPLOADING);
    }

    /**
     * Encodes a picture, which may be damaged.
     *
     * @throws BrokenImageException if {@code png} is not a picture
     * @throws IOException if the encoder itself fails
     */
    byte[] encode(byte[] png, Encoding encoding) throws IOException {
        try {
            return run(() -> encoding.encode(png));
        } catch (PipedProgram.RefusedException refused) {
            // The encoder is stricter than most readers, so it gets the pixels in a clean file. If it refuses that too,
            // the encoder is
            // broken and not the picture.
            byte[] clean = PngCheck.rewritten(png);
            return run(() -> encoding.encode(clean));
        }
    }

    <T> T run(Work<T> work) throws IOException {
        int aboveLimit = WebpSettings.MOST_PROCESSES - limit;
        try {
            // So many permits are free only while fewer processes than the limit run. Only one of them is kept.
            permits.acquire(aboveLimit + 1);
            permits.release(aboveLimit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the encoder");
        }
        long start = System.nanoTime();
        try {
            return work.run();
        } finally {
            release(System.nanoTime() - start);
        }
    }

    /** Releases the permit at once, or after a rest during which no thread has to hold a picture. */
    private void release(long worked) {
        if (!besideAnAgent.getAsBoolean()) {
            permits.release();
            return;
        }
        long rest = Math.min(REST_FACTOR * worked, LONGEST_REST.toNanos());
        try {
            CompletableFuture.delayedExecutor(rest, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(permits::release);
        } catch (RuntimeException | Error e) { // otherwise the permit would be lost
            permits.release();
            throw e;
        }
    }
}
