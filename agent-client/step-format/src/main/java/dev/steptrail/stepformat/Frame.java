package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image of the screen in the outbox, before it is uploaded.
 *
 * @param file the path relative to the task's folder, such as {@code frames/3-before.png}
 * @param width in pixels; null if unknown
 * @param height in pixels; null if unknown
 * @param sensitive whether the image may contain private data
 * @param redactedRegions the regions that were made unreadable before the file was written
 * @param capturedAt the capture time; null if it is the step's timestamp
 */
public record Frame(
        FrameRole role,
        String file,
        @Nullable Integer width,
        @Nullable Integer height,
        boolean sensitive,
        List<Region> redactedRegions,
        @Nullable Instant capturedAt,
        Map<String, Object> unknown) {

    static final Set<String> FIELDS =
            Set.of("role", "file", "width", "height", "sensitive", "redacted_regions", "captured_at");

    static final String FILE_RULE = "must be frames/ and a name of at most 200 letters, digits, dots, hyphens and"
            + " underscores that starts with a letter or digit, such as frames/3-before.png";

    private static final Pattern FILE = Pattern.compile("frames/[0-9A-Za-z][0-9A-Za-z._-]{0,199}");

    public Frame {
        // The shipper reads this file, so the path must not leave the task's frames folder.
        if (!FILE.matcher(file).matches()) {
            throw new IllegalArgumentException("file: " + FILE_RULE);
        }
        Fields.requireRange("width", width, 1);
        Fields.requireRange("height", height, 1);
        redactedRegions = List.copyOf(redactedRegions);
        capturedAt = capturedAt == null ? null : Fields.toStorable(capturedAt);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }
}
