package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UploadCacheTest {
    private static final Set<Thread.State> WAITING =
            Set.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private static final UploadCache.UploadedScreenshot STORED =
            new UploadCache.UploadedScreenshot("key", "hash", 1, null, null);

    private final UploadCache uploaded = new UploadCache();
    private final AtomicInteger stored = new AtomicInteger();

    @Test
    void concurrentGetOfSameScreenshot_storesItOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(12);
        CountDownLatch started = new CountDownLatch(12);
        List<Future<UploadCache.UploadedScreenshot>> results = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            results.add(threads.submit(() -> {
                started.countDown();
                started.await();
                return uploaded.get("frame", this::slowly);
            }));
        }
        for (Future<UploadCache.UploadedScreenshot> result : results) {
            assertThat(result.get()).isSameAs(STORED);
        }
        threads.shutdownNow();

        assertThat(stored).hasValue(1);
    }

    @Test
    void failure_isThrownAndRetried() throws Exception {
        assertThatThrownBy(() -> uploaded.get("frame", () -> {
                    throw new IOException("broken");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");

        assertThat(uploaded.get("frame", this::store)).isSameAs(STORED);
        assertThat(stored).hasValue(1);
    }

    @Test
    void failure_isThrownToAllWaitingThreads() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Future<UploadCache.UploadedScreenshot> first = threads.submit(() -> uploaded.get("frame", () -> {
            storing.countDown();
            await(waiting);
            throw new IOException("broken");
        }));
        storing.await();
        AtomicReference<Thread> secondThread = new AtomicReference<>();
        Future<UploadCache.UploadedScreenshot> second = threads.submit(() -> {
            secondThread.set(Thread.currentThread());
            return uploaded.get("frame", this::store);
        });
        while (secondThread.get() == null
                || !WAITING.contains(secondThread.get().getState())) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        waiting.countDown();

        assertThatThrownBy(first::get).hasRootCauseMessage("broken");
        assertThatThrownBy(second::get).hasRootCauseMessage("broken");
        threads.shutdownNow();
        assertThat(stored).hasValue(0);
    }

    @Test
    void onlyLatestScreenshots_areCached() throws Exception {
        for (int frame = 0; frame < 2_048; frame++) {
            uploaded.get("frame " + frame, this::store);
        }
        uploaded.get("frame 0", this::store);
        assertThat(stored).hasValue(2_048);

        uploaded.get("another", this::store);
        uploaded.get("frame 0", this::store);
        assertThat(stored).as("frame 0 was used recently").hasValue(2_049);
        uploaded.get("frame 1", this::store);
        assertThat(stored).as("frame 1 was evicted").hasValue(2_050);
    }

    private UploadCache.UploadedScreenshot store() {
        stored.incrementAndGet();
        return STORED;
    }

    private UploadCache.UploadedScreenshot slowly() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return store();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
