package dev.steptrail.shipper;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.OutboxTask;
import dev.steptrail.tracker.outbox.PngHeader;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Turns a frame in the outbox into a screenshot in the bucket. The key is the hash of what is stored, so that storing it
 * again is harmless. Not thread-safe.
 */
final class ScreenshotShipper {
    private static final int REMEMBERED = 256;

    private final ScreenshotBucket bucket;
    private final WebpEncoder encoder;
    private final String sender;
    private final Map<String, Stored> stored = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Stored> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** What was stored for a picture of a task. */
    private record Stored(String key, String hash, long size) {}

    ScreenshotShipper(ScreenshotBucket bucket, WebpEncoder encoder, String sender) {
        this.bucket = bucket;
        this.encoder = encoder;
        this.sender = sender;
    }

    String sender() {
        return sender;
    }

    /**
     * Stores the frame as WebP.
     *
     * @throws BrokenImageException if there is no such picture; the step goes without it
     * @throws IOException if the outbox or the encoder fails
     */
    Screenshot ship(OutboxTask task, Frame frame) throws IOException, ShipException {
        byte[] png = task.readFrame(frame.file());
        PngHeader header = PngCheck.header(png);
        String picture = task.id() + "/" + sha256(png);
        Stored known = stored.get(picture);
        if (known == null) {
            known = store(task.id(), encoder.encode(png));
            stored.put(picture, known);
        }
        return new Screenshot(
                frame.role(),
                known.key(),
                known.hash(),
                known.size(),
                png.length,
                header.width(),
                header.height(),
                "webp",
                true,
                frame.sensitive(),
                frame.redactedRegions(),
                null,
                null,
                frame.capturedAt(),
                frame.unknown());
    }

    private Stored store(UUID taskId, byte[] webp) throws ShipException {
        String hash = sha256(webp);
        String key = "screenshots/" + sender + "/" + taskId + "/" + hash + ".webp";
        bucket.put(key, webp, "image/webp");
        return new Stored(key, hash, webp.length);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
