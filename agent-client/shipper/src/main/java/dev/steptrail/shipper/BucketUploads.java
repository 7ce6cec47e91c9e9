package dev.steptrail.shipper;

import dev.steptrail.shipper.internal.screenshot.PngValidator;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Uploads the objects that messages refer to: screenshots, thumbnails, large texts of model calls, and records too
 * large for a message. A key contains the object's hash, so a repeated upload is harmless. A frame that is identical to an earlier frame of the
 * task is not encoded and uploaded again.
 *
 * <p>Screenshots and texts of model calls are encoded and uploaded by a few threads, which end when they are idle. Once the bucket has failed,
 * all further uploads of the pass fail without an attempt. Only the shipping thread may use this class.
 */
final class BucketUploads implements AutoCloseable {
    /** Leaves space for attributes below 256 KiB, the limit of queues that do not accept the 1 MiB of SQS. */
    static final int MAX_BODY_BYTES = 240 * 1024;

    /** Larger records are uploaded even if they compress well, because the database may truncate them. */
    private static final int MAX_RECORD_BYTES = 256 * 1024;

    /** A record up to this size fits into a message, compressed or not. */
    private static final int ALWAYS_FITS_BYTES = 64 * 1024;

    /** Larger values of {@code model_input} and {@code model_output} are stored as attachments. */
    private static final int MAX_INLINE_BYTES = 4 * 1024;

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
     * Starts a pass. Clears the failure of the bucket, so that the bucket is tried again.
     *
     * @param sender the sender id in the keys; must be the same for all passes
     */
    void startPass(String sender) {
        this.sender = sender;
        failure = null;
    }

    /**
     * Starts to upload a frame as WebP. If a thumbnail or perceptual hash cannot be computed, it is omitted.
     * The future fails with {@link BrokenImageException} if the frame is not a valid image.
     */
    Future<Screenshot> startUpload(OutboxTask task, Frame frame) {
        return submit(() -> upload(task, frame));
    }

    private <T> Future<T> submit(Callable<T> upload) {
        return threads.submit(() -> {
            ShipException knownFailure = failure;
            if (knownFailure != null) {
                throw knownFailure;
            }
            try {
                return upload.call();
            } catch (ShipException e) {
                failure = e;
                throw e;
            }
        });
    }

    /**
     * Starts to upload what a model received and returned, if it is larger than 4 KiB. The future returns the model
     * call with attachments instead of the uploaded fields. A field over 8 MiB is not uploaded.
     */
    Future<ModelCall> startUpload(UUID task, ModelCall call) {
        return submit(() -> upload(task, call));
    }

    private ModelCall upload(UUID task, ModelCall call) throws ShipException {
        ModelCall uploaded = upload(task, ModelCall.INPUT, call.input(), call);
        return upload(task, ModelCall.OUTPUT, call.output(), uploaded);
    }

    private ModelCall upload(UUID task, String field, @Nullable Object value, ModelCall call) throws ShipException {
        byte[] json = value == null ? new byte[0] : RecordCodec.encodeValue(value);
        if (json.length <= MAX_INLINE_BYTES || json.length > PayloadCodec.MAX_BYTES) {
            return call;
        }
        byte[] object = PayloadCodec.encode(json);
        if (object.length > PayloadCodec.MAX_BYTES) {
            return call;
        }
        String hash = PayloadCodec.hash(object);
        String key = put(Attachment.FOLDER, task, hash + ".json.gz", object, "application/gzip");
        return call.withAttachment(new Attachment(field, key, hash, object.length, Map.of()));
    }

    private Screenshot upload(OutboxTask task, Frame frame) throws IOException, ShipException, InterruptedException {
        byte[] png = task.readFrame(frame.file());
        PngHeader header = PngValidator.readHeader(png);
        UploadCache.UploadedScreenshot stored =
                uploaded.get(task.id() + "/" + Sha256.hex(png), () -> encodeAndPut(task.id(), png));
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

    private UploadCache.UploadedScreenshot encodeAndPut(UUID task, byte[] png) throws IOException, ShipException {
        byte[] webp = encoder.encode(png);
        String hash = Sha256.hex(webp);
        String key = put("screenshots", task, hash + ".webp", webp, "image/webp");
        Optional<WebpEncoder.Thumbnail> thumbnail = encoder.createThumbnail(png);
        if (thumbnail.isEmpty()) {
            return new UploadCache.UploadedScreenshot(key, hash, webp.length, null, null);
        }
        byte[] thumbnailWebp = thumbnail.get().webp();
        return new UploadCache.UploadedScreenshot(
                key,
                hash,
                webp.length,
                thumbnail.get().perceptualHash().orElse(null),
                put("screenshots", task, Sha256.hex(thumbnailWebp) + ".webp", thumbnailWebp, "image/webp"));
    }

    /**
     * Returns the message element for a record: the record itself or, if it is too large for a message, a reference to
     * the uploaded record.
     *
     * @throws UnsendableException if the record exceeds the limit of the format, 8 MiB
     * @throws ShipException if the record cannot be uploaded now
     */
    byte[] toMessageElement(UUID task, byte[] record) throws UnsendableException, ShipException {
        if (fitsIntoMessage(record)) {
            return record;
        }
        requireWithinLimit("", record);
        byte[] object = PayloadCodec.encode(record);
        requireWithinLimit(" compressed", object);
        String hash = PayloadCodec.hash(object);
        String key = put(Payload.FOLDER, task, hash + ".json.gz", object, "application/gzip");
        return PayloadCodec.encodeClaim(new Payload(key, hash, object.length));
    }

    private static boolean fitsIntoMessage(byte[] record) {
        return record.length <= ALWAYS_FITS_BYTES
                || (record.length <= MAX_RECORD_BYTES
                        && MessageCodec.encode(List.of(record)).text().length() <= MAX_BODY_BYTES);
    }

    private static void requireWithinLimit(String form, byte[] bytes) throws UnsendableException {
        if (bytes.length > PayloadCodec.MAX_BYTES) {
            throw new UnsendableException(
                    "the record has " + bytes.length + " bytes" + form + "; the maximum is " + PayloadCodec.MAX_BYTES);
        }
    }

    private String put(String folder, UUID task, String name, byte[] bytes, String contentType) throws ShipException {
        String key = folder + "/" + sender + "/" + task + "/" + name;
        bucket.put(key, bytes, contentType);
        return key;
    }

    /** Waits for an upload and returns its result, or throws its exception. */
    static <T> T await(Future<T> upload) throws IOException, ShipException, InterruptedException {
        try {
            return upload.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ShipException shipException) {
                throw shipException;
            }
            if (cause instanceof IOException ioException) {
                throw ioException;
            }
            throw new IOException(String.valueOf(cause), cause);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
