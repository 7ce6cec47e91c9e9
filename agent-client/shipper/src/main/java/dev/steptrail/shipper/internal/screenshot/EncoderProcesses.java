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
 * Limits how many encoder processes run at once. While an agent is active, each process is followed by a pause of three
 * times its duration, at most 1 s: even at a low priority, an encoder slows down other processes, which share its
 * caches and memory bandwidth. Thread-safe.
 */
final class EncoderProcesses {
    private static final int PAUSE_FACTOR = 3;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    /** Screenshots to buffer beyond the process limit, so that encoding continues during slow uploads. */
    private static final int EXTRA_BUFFERED_SCREENSHOTS = 3;

    /** The permits of {@link #shared} instances. Each encoder process holds one permit. */
    private static final Semaphore SHARED = createPermits();

    private final int limit;
    private final Semaphore permits;
    private final BooleanSupplier agentActive;

    /** Runs one encoder process. */
    interface ProcessTask<T> {
        T run() throws IOException;
    }

    interface Encoding {
        byte[] encode(byte[] png) throws IOException;
    }

    EncoderProcesses(int limit, BooleanSupplier agentActive) {
        this(limit, createPermits(), agentActive);
    }

    EncoderProcesses(int limit, Semaphore permits, BooleanSupplier agentActive) {
        this.limit = limit;
        this.permits = permits;
        this.agentActive = agentActive;
    }

    /**
     * Returns an instance for the encoder processes of this JVM. {@link #run} waits while {@code limit} or more
     * processes run, including those of instances with another limit. Permits are granted in FIFO order, so a caller
     * can also wait behind an earlier caller with a lower limit.
     */
    static EncoderProcesses shared(int limit, BooleanSupplier agentActive) {
        return new EncoderProcesses(limit, SHARED, agentActive);
    }

    /** Creates the permits of instances that share one limit. */
    static Semaphore createPermits() {
        return new Semaphore(WebpSettings.MAX_PROCESSES, true);
    }

    /** Returns how many screenshots to hold in memory to keep the encoders busy; fewer while an agent is active. */
    int concurrency() {
        return limit + (agentActive.getAsBoolean() ? 1 : EXTRA_BUFFERED_SCREENSHOTS);
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
        } catch (PipedProcess.RejectedInputException rejected) {
            // The encoder is stricter than most decoders, so retry with a re-encoded PNG. If that fails as well, the
            // encoder is at fault, not the screenshot.
            byte[] reencoded = WebpEncoder.reencode(png);
            return run(() -> encoding.encode(reencoded));
        }
    }

    <T> T run(ProcessTask<T> task) throws IOException {
        int aboveLimit = WebpSettings.MAX_PROCESSES - limit;
        try {
            // Waits until fewer processes than the limit run. Then keeps one permit and releases the others.
            permits.acquire(aboveLimit + 1);
            permits.release(aboveLimit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the encoder");
        }
        long start = System.nanoTime();
        try {
            return task.run();
        } finally {
            release(System.nanoTime() - start);
        }
    }

    /** Releases the permit, by a timer after the pause, so that no thread waits with a screenshot in memory. */
    private void release(long processNanos) {
        if (!agentActive.getAsBoolean()) {
            permits.release();
            return;
        }
        long pause = Math.min(PAUSE_FACTOR * processNanos, MAX_PAUSE.toNanos());
        try {
            CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(permits::release);
        } catch (RuntimeException | Error e) { // otherwise the permit would be lost
            permits.release();
            throw e;
        }
    }
}
