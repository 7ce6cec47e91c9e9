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
 * Limits how many encoder processes run at once. While an agent is working, each process is followed by a pause of
 * three times its duration, at most 1 s. Even at a low priority an encoder slows down other processes, because they
 * share caches and memory bandwidth. Thread-safe.
 */
final class EncoderProcesses {
    private static final int PAUSE_FACTOR = 3;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    /** Additional screenshots, so that encoding continues during uploads over a slow connection. */
    private static final int UPLOADING_SCREENSHOTS = 3;

    /** One permit for each encoder process that may run in this JVM at the highest limit. */
    private static final Semaphore SHARED = permits();

    private final int limit;
    private final Semaphore permits;
    private final BooleanSupplier agentIsWorking;

    /** Work that runs one process. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Encodes a PNG. */
    @FunctionalInterface
    interface Encoding {
        byte[] encode(byte[] png) throws IOException;
    }

    EncoderProcesses(int limit, BooleanSupplier agentIsWorking) {
        this(limit, permits(), agentIsWorking);
    }

    EncoderProcesses(int limit, Semaphore permits, BooleanSupplier agentIsWorking) {
        this.limit = limit;
        this.permits = permits;
        this.agentIsWorking = agentIsWorking;
    }

    /**
     * Returns the encoder processes of this JVM. {@link #run} waits while {@code limit} or more processes run,
     * including processes of other limits. Callers are served in order, so it also waits behind an earlier caller with
     * a lower limit.
     */
    static EncoderProcesses shared(int limit, BooleanSupplier agentIsWorking) {
        return new EncoderProcesses(limit, SHARED, agentIsWorking);
    }

    /** Permits for encoders that share one limit. */
    static Semaphore permits() {
        return new Semaphore(WebpSettings.MAX_PROCESSES, true);
    }

    /** How many screenshots to hold in memory to keep the encoders busy; fewer while an agent is working. */
    int concurrency() {
        return limit + (agentIsWorking.getAsBoolean() ? 1 : UPLOADING_SCREENSHOTS);
    }

    /**
     * Encodes a screenshot, which may be damaged.
     *
     * @throws BrokenImageException if {@code png} is not a valid image
     * @throws IOException if the encoder itself fails
     */
    byte[] encode(byte[] png, Encoding encoding) throws IOException {
        try {
            return run(() -> encoding.encode(png));
        } catch (PipedProgram.RejectedInputException refused) {
            // The encoder is stricter than most decoders, so retry with a rewritten PNG. If that fails too, the encoder
            // is
            // broken, not the screenshot.
            byte[] clean = PngCheck.rewrite(png);
            return run(() -> encoding.encode(clean));
        }
    }

    <T> T run(Work<T> work) throws IOException {
        int aboveLimit = WebpSettings.MAX_PROCESSES - limit;
        try {
            // This many permits are free only while fewer processes than the limit run. All but one are returned.
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

    /** Releases the permit at once or, by a timer, after a pause, during which no thread holds a screenshot. */
    private void release(long worked) {
        if (!agentIsWorking.getAsBoolean()) {
            permits.release();
            return;
        }
        long pause = Math.min(PAUSE_FACTOR * worked, MAX_PAUSE.toNanos());
        try {
            CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(permits::release);
        } catch (RuntimeException | Error e) { // otherwise the permit would be lost
            permits.release();
            throw e;
        }
    }
}
