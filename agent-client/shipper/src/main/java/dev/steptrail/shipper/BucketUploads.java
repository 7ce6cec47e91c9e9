package dev.steptrail.shipper;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.LargeValues;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads the objects that messages refer to: screenshots, thumbnails and large values. A key contains the object's
 * hash, so a repeated upload is harmless. A frame that is identical to one of the last 2,048 different frames is not
 * encoded and uploaded again.
 *
 * <p>A few threads encode and upload, and end when they are idle. Once the bucket has failed, all further uploads of
 * the pass fail without an attempt. Only the shipping thread may use this class.
 */
final class BucketUploads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BucketUploads.class);

    private static final int MAX_CACHED = 2_048;

    private final ScreenshotBucket bucket;
    private final WebpEncoder encoder;
    private final ThreadPoolExecutor threads;

    /** The latest uploads, by the id of the task and a hash of the frame. */
    private final Map<String, FutureTask<UploadedScreenshot>> uploaded =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, FutureTask<UploadedScreenshot>> eldest) {
                    return size() > MAX_CACHED;
                }
            });

    private volatile String sender = "";
    private volatile @Nullable ShipException failure;

    /**
     * An uploaded screenshot.
     *
     * @param key the key of the object
     * @param hash the SHA-256 of the object, lower-case hex
     * @param size the size of the object in bytes
     * @param thumbnailKey the key of the thumbnail; null if there is none
     */
    record UploadedScreenshot(
            String key,
            String hash,
            long size,
            @Nullable String perceptualHash,
            @Nullable String thumbnailKey) {}

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
     * Starts to upload a frame as WebP. If a thumbnail or perceptual hash cannot be computed, it is omitted. The future
     * fails with {@link BrokenImageException} if the frame is not a valid image.
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

    /** Starts to upload the large values of a record. The future returns the record with attachments instead. */
    Future<StepRecord> startMove(StepRecord record) {
        return submit(() -> moveLargeValues(record));
    }

    /**
     * Uploads the large values of a record, and returns the record with attachments instead.
     *
     * @throws UnsendableException if the record cannot be split, for example because a value is too large
     */
    StepRecord moveLargeValues(StepRecord record) throws ShipException, UnsendableException {
        Map<String, byte[]> objects = new LinkedHashMap<>();
        StepRecord moved;
        try {
            moved = LargeValues.<RuntimeException>move(record, (field, json) -> {
                byte[] object = Attachment.compress(json);
                String hash = Sha256.hex(object);
                String key = key(Attachment.FOLDER, record.taskId(), hash + ".json.gz");
                objects.put(key, object);
                return new Attachment(field, key, hash, object.length, json.length, Map.of());
            });
        } catch (RuntimeException e) { // a retry would fail too, and would block the task
            LOG.warn("Large values of a record cannot be moved", e);
            throw new UnsendableException("its large values cannot be moved: " + e);
        }
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            bucket.put(object.getKey(), object.getValue(), "application/gzip");
        }
        return moved;
    }

    private Screenshot upload(OutboxTask task, Frame frame) throws IOException, ShipException, InterruptedException {
        byte[] png = task.readFrame(frame.file());
        PngHeader header = WebpEncoder.readHeader(png);
        UploadedScreenshot stored = uploadOnce(task.id() + "/" + Sha256.hex(png), () -> encodeAndPut(task.id(), png));
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

    /**
     * Returns the uploaded screenshot of a frame. Uploads it unless it is one of the latest uploads. If several threads
     * upload the same frame at once, one uploads it and the others wait. A failure is not kept.
     */
    UploadedScreenshot uploadOnce(String frameKey, Callable<UploadedScreenshot> uploader)
            throws IOException, ShipException, InterruptedException {
        FutureTask<UploadedScreenshot> upload = uploaded.computeIfAbsent(frameKey, key -> new FutureTask<>(uploader));
        upload.run(); // only the first call uploads it
        try {
            return await(upload);
        } catch (IOException | ShipException | InterruptedException | RuntimeException e) {
            uploaded.remove(frameKey, upload);
            throw e;
        }
    }

    private UploadedScreenshot encodeAndPut(UUID task, byte[] png) throws IOException, ShipException {
        byte[] webp = encoder.encode(png);
        String hash = Sha256.hex(webp);
        String key = putWebp(task, hash, webp);
        Optional<WebpEncoder.Thumbnail> thumbnail = encoder.createThumbnail(png);
        if (thumbnail.isEmpty()) {
            return new UploadedScreenshot(key, hash, webp.length, null, null);
        }
        byte[] thumbnailWebp = thumbnail.get().webp();
        return new UploadedScreenshot(
                key,
                hash,
                webp.length,
                thumbnail.get().perceptualHash().orElse(null),
                putWebp(task, Sha256.hex(thumbnailWebp), thumbnailWebp));
    }

    private String putWebp(UUID task, String hash, byte[] webp) throws ShipException {
        String key = key("screenshots", task, hash + ".webp");
        bucket.put(key, webp, "image/webp");
        return key;
    }

    private String key(String folder, UUID task, String name) {
        return folder + "/" + sender + "/" + task + "/" + name;
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
