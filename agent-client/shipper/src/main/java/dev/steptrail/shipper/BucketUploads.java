package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Screenshot;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Uploads what messages only name: screenshots, and records too large for a message. Screenshots are encoded and uploaded
 * by a few threads, which end when they are idle. After the bucket has failed once, all waiting screenshots fail without another
 * try. Only the shipping thread may call this.
 */
final class BucketUploads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final ScreenshotBucket bucket;
    private final WebpEncoder encoder;
    private final ThreadPoolExecutor threads;
    private String sender = "";
    private @Nullable ScreenshotShipper screenshots;
    private @Nullable PayloadShipper payloads;
    private volatile @Nullable ShipException failure;

    BucketUploads(ScreenshotBucket bucket, WebpEncoder encoder) {
        this.bucket = bucket;
        this.encoder = encoder;
        int threadCount = encoder.picturesAtOnce();
        threads = new ThreadPoolExecutor(
                threadCount, threadCount, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "steptrail-upload");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Begins a pass: uploads under this sender's prefix, and tries the bucket again. */
    void beginAs(String sender) {
        if (!this.sender.equals(sender)) {
            this.sender = sender;
            screenshots = null;
            payloads = null;
        }
        failure = null;
    }

    /** Begins to upload a frame. */
    Future<Screenshot> store(TaskShipper task, Frame frame) {
        if (screenshots == null) {
            screenshots = new ScreenshotShipper(bucket, encoder, sender);
        }
        ScreenshotShipper shipper = screenshots;
        return threads.submit(() -> storeNow(shipper, task, frame));
    }

    private Screenshot storeNow(ScreenshotShipper shipper, TaskShipper task, Frame frame)
            throws IOException, ShipException {
        ShipException before = failure;
        if (before != null) {
            throw before;
        }
        try {
            return shipper.ship(task.task(), frame);
        } catch (ShipException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Returns the record itself, or, if it is too large for a message, uploads it and returns a reference to it.
     *
     * @throws UnsendableException if it is larger than any reader accepts
     * @throws ShipException if it cannot be uploaded now
     */
    byte[] sendable(UUID taskId, byte[] record) throws UnsendableException, ShipException {
        if (PayloadShipper.fitsIntoAMessage(record)) {
            return record;
        }
        if (payloads == null) {
            payloads = new PayloadShipper(bucket, sender);
        }
        return payloads.store(taskId, record);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
