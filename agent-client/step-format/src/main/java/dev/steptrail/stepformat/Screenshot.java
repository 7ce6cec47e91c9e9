package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A picture of the screen as shipped: an object in the bucket.
 *
 * @param screenshotPath its S3 key
 * @param fileHash SHA-256 of the stored bytes, lower-case hex
 * @param fileSize bytes stored
 * @param originalSize bytes of the frame that it was made from
 * @param width in pixels
 * @param height in pixels
 * @param format such as {@code webp}
 * @param compressed whether the stored bytes were encoded anew
 * @param sensitive whether it may show what only its owner should see
 * @param redactedRegions what was made unreadable before it left the machine
 * @param perceptualHash lower-case hex; equal or a few bits apart for pictures that look alike
 * @param thumbnailPath the S3 key of a small version
 * @param capturedAt when it was taken, where that is not the step's own time
 */
public record Screenshot(
        FrameRole role,
        String screenshotPath,
        String fileHash,
        long fileSize,
        long originalSize,
        int width,
        int height,
        String format,
        boolean compressed,
        boolean sensitive,
        List<Region> redactedRegions,
        @Nullable String perceptualHash,
        @Nullable String thumbnailPath,
        @Nullable Instant capturedAt,
        Map<String, Object> unknown) {

    static final Set<String> FIELDS = Set.of(
            "role",
            "screenshot_path",
            "file_hash",
            "file_size",
            "original_size",
            "width",
            "height",
            "format",
            "compressed",
            "sensitive",
            "redacted_regions",
            "perceptual_hash",
            "thumbnail_path",
            "captured_at");

    public Screenshot {
        Fields.requireRange("file_size", fileSize, 0, Long.MAX_VALUE);
        Fields.requireRange("original_size", originalSize, 0, Long.MAX_VALUE);
        Fields.requireRange("width", width, 1);
        Fields.requireRange("height", height, 1);
        redactedRegions = List.copyOf(redactedRegions);
        capturedAt = capturedAt == null ? null : Fields.storable(capturedAt);
        unknown = Fields.unknown(unknown, FIELDS);
    }
}
