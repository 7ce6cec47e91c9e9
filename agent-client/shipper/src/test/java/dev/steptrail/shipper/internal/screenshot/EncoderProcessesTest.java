package dev.steptrail.shipper.internal.screenshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EncoderProcessesTest {
    private static final int THREADS = 12;

    @Test
    void agentIsWorking_processIsFollowedByPauseOfThreeTimesItsDuration() throws Exception {
        EncoderProcesses processes = new EncoderProcesses(1, () -> true);
        long start = System.nanoTime();

        long worked = processes.run(() -> {
            long working = System.nanoTime();
            sleep();
            return System.nanoTime() - working;
        });
        long next = processes.run(System::nanoTime);

        assertThat(next - start).isGreaterThanOrEqualTo(4 * worked);
    }

    @Test
    void encodersWithDifferentLimits_countEachOthersProcesses() throws Exception {
        AtomicInteger running = new AtomicInteger();
        Semaphore ends = new Semaphore(0);
        Semaphore permits = EncoderProcesses.createPermits();
        WebpEncoder low = newEncoder(2, permits, running, ends);
        WebpEncoder high = newEncoder(4, permits, running, ends);
        List<Thread> threads = new ArrayList<>();
        try {
            threads.add(startEncoding(high));
            threads.add(startEncoding(high));
            Waiting.until("two encoders run", () -> running.get() == 2);

            threads.add(startEncoding(low));
            Waiting.until("a thread waits", () -> permits.getQueueLength() == 1);
            assertThat(running).as("while two of the other encoder run").hasValue(2);

            ends.release();
            Waiting.until("two encoders run", () -> ends.availablePermits() == 0 && running.get() == 2);
            threads.add(startEncoding(high));
            threads.add(startEncoding(high));
            Waiting.until("four encoders run", () -> running.get() == 4);
            threads.add(startEncoding(high));
            Waiting.until("a thread waits", () -> permits.getQueueLength() == 1);
            assertThat(running).as("processes of both encoders").hasValue(4);
        } finally {
            ends.release(THREADS);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(running).hasValue(0);
    }

    /** Acquires {@code permits}, increments {@code running}, and runs until {@code ends} has a permit. */
    private static WebpEncoder newEncoder(int limit, Semaphore permits, AtomicInteger running, Semaphore ends) {
        EncoderProcesses.Encoding encoding = png -> {
            running.incrementAndGet();
            ends.acquireUninterruptibly();
            running.decrementAndGet();
            return new byte[0];
        };
        return new WebpEncoder(encoding, encoding, new EncoderProcesses(limit, permits, () -> false));
    }

    /** Starts a thread that encodes one screenshot. */
    private static Thread startEncoding(WebpEncoder encoder) {
        Thread thread = new Thread(() -> {
            try {
                encoder.encode(Screens.drawn(1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void failedWork_releasesPermit() throws Exception {
        EncoderProcesses processes = new EncoderProcesses(1, () -> false);

        assertThatThrownBy(() -> processes.run(() -> {
                    throw new IOException("broken");
                }))
                .hasMessage("broken");
        assertThat(processes.run(() -> new byte[] {1})).containsExactly(1);
    }

    @Test
    void interruptedThread_doesNotWait() {
        EncoderProcesses processes = new EncoderProcesses(1, () -> false);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> processes.run(() -> new byte[0])).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void sleep() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
