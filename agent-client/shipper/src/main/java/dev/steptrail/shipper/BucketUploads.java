package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Screenshot;
import java.util.UUID;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What goes into the bucket because messages only name it: pictures, and records too large for a message.
 * For the shipping thread alone.
 */
final class BucketUploads implements AutoCloseable {
    private final ScreenshotBucket bucket;
    private final WebpEncoder encoder;
    private final FrameUploads frames;
    private String sender = "";
    private @Nullable ScreenshotShipper screenshots;
    private @Nullable PayloadShipper payloads;

    BucketUploads(ScreenshotBucket bucket, WebpEncoder encoder) {
        this.bucket = bucket;
        this.encoder = encoder;
        this.frames = new FrameUploads(encoder.picturesAtOnce());
    }

    /** Stores from now on under this id, and tries the bucket anew if it could not be used before. */
    void beginAs(String sender) {
        if (!this.sender.equals(sender)) {
            this.sender = sender;
            screenshots = null;
            payloads = null;
        }
        frames.tryAgain();
    }

    /** Begins to store a picture. */
    Future<Screenshot> store(TaskShipper task, Frame frame) {
        if (screenshots == null) {
            screenshots = new ScreenshotShipper(bucket, encoder, sender);
        }
        return frames.store(screenshots, task.task(), frame);
    }

    /**
     * What to send for a record: itself, or where it was stored.
     *
     * @throws UnsendableException if it is larger than anybody would read
     * @throws ShipException if it cannot be stored now
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
        frames.close();
    }
}
