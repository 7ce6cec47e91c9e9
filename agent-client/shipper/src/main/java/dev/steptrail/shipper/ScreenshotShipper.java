package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.PngCheck;
import dev.steptrail.shipper.screenshot.Thumbnail;
import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.OutboxTask;
import dev.steptrail.tracker.outbox.PngHeader;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns a frame in the outbox into a screenshot in the bucket, with a thumbnail beside it. A key is the hash of what is
 * stored, so that storing it again is harmless; a picture that the task has already is neither encoded nor stored again.
 * Thread-safe.
 */
final class ScreenshotShipper {
    private final ScreenshotBucket bucket;
    private final WebpEncoder encoder;
    private final String sender;
    private final UploadedPictures uploaded = new UploadedPictures();

    ScreenshotShipper(ScreenshotBucket bucket, WebpEncoder encoder, String sender) {
        this.bucket = bucket;
        this.encoder = encoder;
        this.sender = sender;
    }

    String sender() {
        return sender;
    }

    /**
     * Stores the frame as WebP. Where no thumbnail or perceptual hash can be made, the screenshot is there without.
     *
     * @throws BrokenImageException if there is no such picture; the step goes without it
     * @throws IOException if the outbox or the encoder fails
     */
    Screenshot ship(OutboxTask task, Frame frame) throws IOException, ShipException {
        byte[] png = task.readFrame(frame.file());
        PngHeader header = PngCheck.header(png);
        UploadedPictures.Stored stored = uploaded.get(task.id() + "/" + Sha256.hex(png), () -> store(task.id(), png));
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

    /** The thumbnail comes last: nothing waits for it but the record that names it. */
    private UploadedPictures.Stored store(UUID task, byte[] png) throws IOException, ShipException {
        byte[] webp = encoder.encode(png);
        String hash = Sha256.hex(webp);
        String key = put(task, hash, webp);
        Optional<Thumbnail> thumbnail = encoder.thumbnail(png);
        if (thumbnail.isEmpty()) {
            return new UploadedPictures.Stored(key, hash, webp.length, null, null);
        }
        byte[] small = thumbnail.get().webp();
        return new UploadedPictures.Stored(
                key,
                hash,
                webp.length,
                thumbnail.get().perceptualHash().orElse(null),
                put(task, Sha256.hex(small), small));
    }

    private String put(UUID task, String hash, byte[] webp) throws ShipException {
        String key = "screenshots/" + sender + "/" + task + "/" + hash + ".webp";
        bucket.put(key, webp, "image/webp");
        return key;
    }
}
