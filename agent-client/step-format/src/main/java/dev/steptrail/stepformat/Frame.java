package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A picture of the screen as recorded: a file in the outbox, not yet shipped.
 *
 * @param file its path below the task's folder: {@code frames/} and a plain name, such as {@code frames/3-before.png}
 * @param width in pixels, where the recorder knew it
 * @param height in pixels, where the recorder knew it
 * @param sensitive whether it may show what only its owner should see
 * @param redactedRegions what was made unreadable in the file, before it was written
 * @param capturedAt when it was taken, where that is not the step's own time
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
            + " underscores that begins with a letter or digit, like frames/3-before.png";

    private static final Pattern FILE = Pattern.compile("frames/[0-9A-Za-z][0-9A-Za-z._-]{0,199}");

    public Frame {
        // Whoever ships the frame reads this file, which must be inside the frames folder of the task.
        if (!FILE.matcher(file).matches()) {
            throw new IllegalArgumentException("file: " + FILE_RULE);
        }
        Fields.requireRange("width", width, 1);
        Fields.requireRange("height", height, 1);
        redactedRegions = List.copyOf(redactedRegions);
        capturedAt = capturedAt == null ? null : Fields.storable(capturedAt);
        unknown = Fields.unknown(unknown, FIELDS);
    }
}
