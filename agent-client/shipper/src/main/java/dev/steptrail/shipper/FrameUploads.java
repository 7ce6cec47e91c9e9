package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stores frames, several at once, so that one is uploaded while another is encoded. As soon as the bucket cannot be used, what
 * waits fails without trying it too. Idle, it has no threads.
 */
final class FrameUploads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;

    private volatile @Nullable ShipException unusable;

    FrameUploads(int atOnce) {
        pool = new ThreadPoolExecutor(
                atOnce, atOnce, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "steptrail-upload");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** Lets the bucket be tried again. */
    void tryAgain() {
        unusable = null;
    }

    Future<Screenshot> store(ScreenshotShipper screenshots, OutboxTask task, Frame frame) {
        return pool.submit(() -> storeNow(screenshots, task, frame));
    }

    private Screenshot storeNow(ScreenshotShipper screenshots, OutboxTask task, Frame frame)
            throws IOException, ShipException {
        ShipException before = unusable;
        if (before != null) {
            throw before;
        }
        try {
            return screenshots.ship(task, frame);
        } catch (ShipException e) {
            unusable = e;
            throw e;
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
