package dev.steptrail.shipper;

import dev.steptrail.shipper.internal.screenshot.PngCheck;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Uploads the objects that messages refer to: screenshots, thumbnails, and records too large for a message. A key
 * contains the object's hash, so a repeated upload is harmless. A frame identical to an earlier one of the task is
 * neither encoded nor uploaded again.
 *
 * <p>Screenshots are encoded and uploaded by a few threads, which end when they are idle. After the bucket has failed
 * once, all waiting screenshots fail without another try. Only the shipping thread may call this.
 */
final class BucketUploads implements AutoCloseable {
    /** Leaves space for attributes below 256 KiB, the limit of queues that do not accept the 1 MiB of SQS. */
    static final int MAX_BODY_BYTES = 240 * 1024;

    /** The database may truncate longer records. */
    private static final int MAX_RECORD_BYTES = 256 * 1024;

    /** A record up to this size fits into a message, compressed or not. */
    private static final int ALWAYS_FITS_BYTES = 64 * 1024;

    private final ScreenshotBucket bucket;
    private final WebpEncoder encoder;
    private final ThreadPoolExecutor threads;
    private final UploadCache uploaded = new UploadCache();
    private volatile String sender = "";
    private volatile @Nullable ShipException failure;

    BucketUploads(ScreenshotBucket bucket, WebpEncoder encoder) {
        this.bucket = bucket;
        this.encoder = encoder;
        threads = AwsClients.daemonThreads("steptrail-upload", encoder.concurrency());
    }

    /**
     * Starts a pass, and clears the bucket's failure so that the bucket is tried again.
     *
     * @param sender the sender id in the keys; must not change
     */
    void beginAs(String sender) {
        this.sender = sender;
        failure = null;
    }

    /**
     * Starts to upload a frame as WebP. The screenshot lacks the thumbnail or perceptual hash if that cannot be made.
     * The future fails with {@link BrokenImageException} if the frame is not a valid image.
     */
    Future<Screenshot> store(OutboxTask task, Frame frame) {
        return threads.submit(() -> {
            ShipException before = failure;
            if (before != null) {
                throw before;
            }
            try {
                return storeNow(task, frame);
            } catch (ShipException e) {
                failure = e;
                throw e;
            }
        });
    }

    private Screenshot storeNow(OutboxTask task, Frame frame) throws IOException, ShipException, InterruptedException {
        byte[] png = task.readFrame(frame.file());
        PngHeader header = PngCheck.header(png);
        UploadCache.Stored stored = uploaded.get(task.id() + "/" + Sha256.hex(png), () -> upload(task.id(), png));
        return new Screenshot(
                frame.role(),
                stored.key(),
                stored.hash(),
                stored.size(),
                png.length,
                header.width(),
                header.height(),
                "webp",
                true,
                frame.sensitive(),
                frame.redactedRegions(),
                stored.perceptualHash(),
                stored.thumbnailKey(),
                frame.capturedAt(),
                frame.unknown());
    }

    /** The thumbnail comes last, because only the record that names it depends on it. */
    private UploadCache.Stored upload(UUID task, byte[] png) throws IOException, ShipException {
        byte[] webp = encoder.encode(png);
        String hash = Sha256.hex(webp);
        String key = put("screenshots", task, hash + ".webp", webp, "image/webp");
        Optional<WebpEncoder.Thumbnail> thumbnail = encoder.thumbnail(png);
        if (thumbnail.isEmpty()) {
            return new UploadCache.Stored(key, hash, webp.length, null, null);
        }
        byte[] small = thumbnail.get().webp();
        return new UploadCache.Stored(
                key,
                hash,
                webp.length,
                thumbnail.get().perceptualHash().orElse(null),
                put("screenshots", task, Sha256.hex(small) + ".webp", small, "image/webp"));
    }

    /**
     * Returns the record, or uploads it and returns a reference if it is too large for a message.
     *
     * @throws UnsendableException if it exceeds the limit of its readers
     * @throws ShipException if it cannot be uploaded now
     */
    byte[] recordOrClaim(UUID task, byte[] record) throws UnsendableException, ShipException {
        if (fitsIntoAMessage(record)) {
            return record;
        }
        requireReadable("", record);
        byte[] object = PayloadCodec.encode(record);
        requireReadable(" compressed", object);
        String hash = PayloadCodec.hash(object);
        String key = put(Payload.FOLDER, task, hash + ".json.gz", object, "application/gzip");
        return PayloadCodec.encodeClaim(new Payload(key, hash, object.length));
    }

    private static boolean fitsIntoAMessage(byte[] record) {
        return record.length <= ALWAYS_FITS_BYTES
                || (record.length <= MAX_RECORD_BYTES
                        && MessageCodec.encode(List.of(record)).text().length() <= MAX_BODY_BYTES);
    }

    private static void requireReadable(String form, byte[] bytes) throws UnsendableException {
        if (bytes.length > PayloadCodec.MAX_BYTES) {
            throw new UnsendableException("the record: has " + bytes.length + " bytes" + form
                    + ", but may have at most " + PayloadCodec.MAX_BYTES);
        }
    }

    private String put(String folder, UUID task, String name, byte[] bytes, String contentType) throws ShipException {
        String key = folder + "/" + sender + "/" + task + "/" + name;
        bucket.put(key, bytes, contentType);
        return key;
    }

    /** Waits for the result of an upload. */
    static <T> T result(Future<T> upload) throws IOException, ShipException, InterruptedException {
        try {
            return upload.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ShipException unusable) {
                throw unusable;
            }
            if (cause instanceof IOException failed) {
                throw failed;
            }
            throw new IOException(String.valueOf(cause), cause);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
