package dev.steptrail.shipper.screenshot;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

    /** So that one picture can be uploaded while another is encoded, on a slow line too. */
    private static final int UPLOADING = 3;

    private final int atOnce;
    private final Semaphore free;
    private final BooleanSupplier besideAnAgent;

    /** What one process does. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    EncoderProcesses(int atOnce, BooleanSupplier besideAnAgent) {
        this.atOnce = atOnce;
        free = new Semaphore(atOnce, true);
        this.besideAnAgent = besideAnAgent;
    }

    /** How many pictures to hold at once to keep the processes at work: beside an agent, whose memory they take, few. */
    int pictures() {
        return atOnce + (besideAnAgent.getAsBoolean() ? 1 : UPLOADING);
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
            giveBack(System.nanoTime() - begun);
        }
    }

    /** At once, or after the rest, through which nobody waits with a picture in memory but who comes next. */
    private void giveBack(long worked) {
        if (!besideAnAgent.getAsBoolean()) {
            free.release();
            return;
        }
        long rest = Math.min(RESTS * worked, LONGEST_REST.toNanos());
        try {
            CompletableFuture.delayedExecutor(rest, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(free::release);
        } catch (RuntimeException | Error e) { // a place that is not given back is gone for good
            free.release();
            throw e;
        }
    }
}
