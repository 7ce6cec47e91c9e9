package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An uploaded image of the screen: an object in the bucket.
 *
 * @param screenshotPath the S3 key
 * @param fileHash SHA-256 of the object, lower-case hex
 * @param fileSize size of the object in bytes
 * @param originalSize size of the original frame in bytes
 * @param width in pixels
 * @param height in pixels
 * @param format the image format, such as {@code webp}
 * @param compressed whether the frame was re-encoded before the upload
 * @param sensitive whether the image may contain private data
 * @param redactedRegions the regions that were made unreadable before the upload
 * @param perceptualHash lower-case hex; similar images have equal hashes or differ in a few bits
 * @param thumbnailPath the S3 key of the thumbnail
 * @param capturedAt the capture time; null if it is the step's timestamp
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
        capturedAt = capturedAt == null ? null : Fields.toStorable(capturedAt);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }
}
