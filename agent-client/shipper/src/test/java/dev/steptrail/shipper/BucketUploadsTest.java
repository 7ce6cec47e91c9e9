package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
class BucketUploadsTest {
    private static final Set<Thread.State> WAITING =
            Set.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private static final BucketUploads.UploadedScreenshot STORED =
            new BucketUploads.UploadedScreenshot("key", "hash", 1, null, null);

    private static final ShipperSettings SETTINGS = ShipperSettings.from(Map.of(
            "STEPTRAIL_QUEUE_URL", "https://host/1/steps", "STEPTRAIL_BUCKET", "shots", "AWS_REGION", "eu-west-1"));

    private final BucketUploads uploads = new BucketUploads(
            new ScreenshotBucket(SETTINGS, new AwsClients(SETTINGS)), new WebpEncoder(WebpSettings.DEFAULT));
    private final AtomicInteger stored = new AtomicInteger();

    @Test
    void concurrentUploadsOfSameScreenshot_storeItOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(12);
        CountDownLatch started = new CountDownLatch(12);
        List<Future<BucketUploads.UploadedScreenshot>> results = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            results.add(threads.submit(() -> {
                started.countDown();
                started.await();
                return uploads.uploadOnce("frame", this::slowly);
            }));
        }
        for (Future<BucketUploads.UploadedScreenshot> result : results) {
            assertThat(result.get()).isSameAs(STORED);
        }
        threads.shutdownNow();

        assertThat(stored).hasValue(1);
    }

    @Test
    void failure_isThrownToAllWaitingThreads_andTheNextUploadIsTried() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Future<BucketUploads.UploadedScreenshot> first = threads.submit(() -> uploads.uploadOnce("frame", () -> {
            storing.countDown();
            await(waiting);
            throw new IOException("broken");
        }));
        storing.await();
        AtomicReference<Thread> secondThread = new AtomicReference<>();
        Future<BucketUploads.UploadedScreenshot> second = threads.submit(() -> {
            secondThread.set(Thread.currentThread());
            return uploads.uploadOnce("frame", this::store);
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
        assertThat(uploads.uploadOnce("frame", this::store)).as("retried").isSameAs(STORED);
    }

    @Test
    void onlyLatestScreenshots_areKept() throws Exception {
        for (int frame = 0; frame < 2_048; frame++) {
            uploads.uploadOnce("frame " + frame, this::store);
        }
        uploads.uploadOnce("frame 0", this::store);
        assertThat(stored).hasValue(2_048);

        uploads.uploadOnce("another", this::store);
        uploads.uploadOnce("frame 0", this::store);
        assertThat(stored).as("frame 0 was used recently").hasValue(2_049);
        uploads.uploadOnce("frame 1", this::store);
        assertThat(stored).as("frame 1 was evicted").hasValue(2_050);
    }

    private BucketUploads.UploadedScreenshot store() {
        stored.incrementAndGet();
        return STORED;
    }

    private BucketUploads.UploadedScreenshot slowly() throws IOException {
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
