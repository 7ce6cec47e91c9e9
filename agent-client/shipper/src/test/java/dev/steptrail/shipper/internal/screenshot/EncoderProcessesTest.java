package dev.steptrail.shipper.internal.screenshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.Screens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EncoderProcessesTest {
    private static final int THREADS = 12;

    @Test
    void noMoreThanSoMany_runAtOnce() throws Exception {
        EncoderProcesses processes = new EncoderProcesses(2, () -> false);
        AtomicInteger running = new AtomicInteger();
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        atOnce(() -> processes.run(() -> {
            seen.add(running.incrementAndGet());
            sleep();
            running.decrementAndGet();
            return new byte[0];
        }));

        assertThat(seen).hasSize(THREADS).contains(2).allMatch(atOnce -> atOnce <= 2);
    }

    @Test
    void besideAnAgent_aProcessIsFollowedByARestOfThriceItsTime() throws Exception {
        EncoderProcesses processes = new EncoderProcesses(1, () -> true);
        long begun = System.nanoTime();

        long worked = processes.run(() -> {
            long working = System.nanoTime();
            sleep();
            return System.nanoTime() - working;
        });
        long next = processes.run(System::nanoTime);

        assertThat(next - begun).isGreaterThanOrEqualTo(4 * worked);
    }

    @Test
    void shared_twoWithTheSameLimit_runNoMoreTogether() throws Exception {
        EncoderProcesses one = EncoderProcesses.shared(3, () -> false);
        EncoderProcesses other = EncoderProcesses.shared(3, () -> false);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        atOnce(() -> (calls.incrementAndGet() % 2 == 0 ? one : other).run(() -> {
            seen.add(running.incrementAndGet());
            sleep();
            running.decrementAndGet();
            return new byte[0];
        }));

        assertThat(seen).hasSize(THREADS).allMatch(count -> count <= 3);
    }

    @Test
    void encodersOfDifferentLimits_countTheProcessesOfEachOther() throws Exception {
        AtomicInteger running = new AtomicInteger();
        List<Integer> seenByLow = Collections.synchronizedList(new ArrayList<>());
        List<Integer> seenByHigh = Collections.synchronizedList(new ArrayList<>());
        WebpEncoder low = counting(2, running, seenByLow);
        WebpEncoder high = counting(4, running, seenByHigh);
        AtomicInteger calls = new AtomicInteger();

        atOnce(() -> (calls.incrementAndGet() % 2 == 0 ? low : high).encode(Screens.drawn(1)));

        assertThat(seenByLow).hasSize(THREADS / 2).allMatch(count -> count <= 2);
        assertThat(seenByHigh).hasSize(THREADS / 2).allMatch(count -> count <= 4);
    }

    /** An encoder of this JVM that adds to {@code seen} how many processes run when it starts one. */
    private static WebpEncoder counting(int limit, AtomicInteger running, List<Integer> seen) {
        EncoderProcesses.Encoding encoding = png -> {
            seen.add(running.incrementAndGet());
            sleep();
            running.decrementAndGet();
            return new byte[0];
        };
        return new WebpEncoder(encoding, encoding, EncoderProcesses.shared(limit, () -> false));
    }

    @Test
    void whatFails_givesItsPlaceFree() throws Exception {
        EncoderProcesses processes = new EncoderProcesses(1, () -> false);

        assertThatThrownBy(() -> processes.run(() -> {
                    throw new IOException("broken");
                }))
                .hasMessage("broken");
        assertThat(processes.run(() -> new byte[] {1})).containsExactly(1);
    }

    @Test
    void aThreadThatIsInterrupted_doesNotWait() {
        EncoderProcesses processes = new EncoderProcesses(1, () -> false);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> processes.run(() -> new byte[0])).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void threadsThatEncodeAtOnce_getTheSameAsOneAlone() throws Exception {
        WebpEncoder encoder = new WebpEncoder(new WebpSettings(60, 0, 2));
        byte[] expected = encoder.encode(Screens.drawn(1));
        byte[] thumbnail = encoder.thumbnail(Screens.drawn(1)).orElseThrow().webp();

        for (byte[] webp : atOnce(() -> encoder.encode(Screens.drawn(1)))) {
            assertThat(webp).isEqualTo(expected);
        }
        for (byte[] webp :
                atOnce(() -> encoder.thumbnail(Screens.drawn(1)).orElseThrow().webp())) {
            assertThat(webp).isEqualTo(thumbnail);
        }
    }

    private static List<byte[]> atOnce(Callable<byte[]> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<byte[]> results = new ArrayList<>();
            for (Future<byte[]> result : threads.invokeAll(Collections.nCopies(THREADS, work))) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void sleep() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
