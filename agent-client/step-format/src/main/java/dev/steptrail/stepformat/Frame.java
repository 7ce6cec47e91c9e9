package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A picture of the screen as recorded: a file in the outbox, not yet shipped.
 *
 * @param file its path below the task's folder, such as {@code frames/3-before.png}
 * @param width in pixels, where the recorder knew it
 * @param height in pixels, where the recorder knew it
 * @param sensitive whether it may show what only its owner should see
 * @param capturedAt when it was taken, where that is not the step's own time
 */
public record Frame(
        FrameRole role,
        String file,
        @Nullable Integer width,
        @Nullable Integer height,
        boolean sensitive,
        @Nullable Instant capturedAt,
        Map<String, Object> unknown) {

    static final Set<String> FIELDS = Set.of("role", "file", "width", "height", "sensitive", "captured_at");

    public Frame {
        Fields.requireRange("width", width, 1);
        Fields.requireRange("height", height, 1);
        capturedAt = capturedAt == null ? null : Fields.storable(capturedAt);
        unknown = Fields.unknown(unknown, FIELDS);
    }
}
