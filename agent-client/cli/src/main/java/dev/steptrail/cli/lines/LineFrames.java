package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes the pictures of a step's line into the task's folder. A picture is an object with {@code path} (a PNG or JPEG
 * on this machine, which is copied) or {@code base64} (a PNG or JPEG, with or without a {@code data:} prefix). {@code
 * role} (default {@code before}) and {@code sensitive} are optional.
 */
final class LineFrames {
    private static final String LOST = "lost_screenshots";

    /** The fields of a picture that are not copied to its frame, because the written frame defines them. */
    private static final Set<String> OWN_FIELDS =
            Set.of("path", "base64", "role", "sensitive", "file", "width", "height");

    /** The limit of a shipper. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private final TaskRecorder target;
    private final LineParser parser;
    private final Consumer<String> problems;
    private final Consumer<IOException> lost;

    /**
     * Creates a writer of pictures to {@code target}.
     *
     * @param problems receives a line for each problem of a picture
     * @param lost receives the error for each picture that cannot be written to the outbox
     */
    LineFrames(TaskRecorder target, LineParser parser, Consumer<String> problems, Consumer<IOException> lost) {
        this.target = target;
        this.parser = parser;
        this.problems = problems;
        this.lost = lost;
    }

    /**
     * Writes the pictures and adds them to {@code step}. Bad pictures are appended to its {@code lost_screenshots},
     * after the entries of the line.
     */
    void write(int stepNumber, JsonNode pictures, ObjectNode step) {
        ArrayNode frames = JsonNodeFactory.instance.arrayNode();
        ArrayNode missing = JsonNodeFactory.instance.arrayNode();
        if (!pictures.isArray()) {
            lose(FrameRole.OTHER, "frames must be an array", missing);
        } else {
            for (JsonNode picture : pictures) {
                FrameRole role = role(picture.path("role"));
                try {
                    byte[] png = png(picture);
                    boolean sensitive = isSensitive(picture.path("sensitive"));
                    frames.add(described(target.addFrame(stepNumber, role, png, sensitive, List.of()), picture));
                } catch (BrokenImageException e) {
                    lose(role, String.valueOf(e.getMessage()), missing);
                } catch (IOException e) {
                    lost.accept(e);
                }
            }
        }
        if (!frames.isEmpty()) {
            step.set("frames", frames);
        }
        if (!missing.isEmpty()) {
            JsonNode reported = step.path(LOST);
            ArrayNode all = step.putArray(LOST);
            boolean isList = reported.isArray() || reported.isMissingNode() || reported.isNull();
            (isList ? reported : List.of(reported)).forEach(all::add);
            all.addAll(missing);
        }
    }

    private void lose(FrameRole role, String reason, ArrayNode missing) {
        problems.accept("a screenshot is lost: " + reason);
        missing.addObject().put("role", role.wireName()).put("reason", reason);
    }

    private FrameRole role(JsonNode role) {
        if (role.isMissingNode() || role.isNull()) {
            return FrameRole.BEFORE;
        }
        try {
            return FrameRole.valueOf(role.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            problems.accept("the role of a frame must be before, after or other; other is used");
            return FrameRole.OTHER;
        }
    }

    /** Whether the picture is sensitive; true if the value is invalid. */
    private boolean isSensitive(JsonNode sensitive) {
        if (sensitive.isMissingNode() || sensitive.isNull() || sensitive.isBoolean()) {
            return sensitive.asBoolean(false);
        }
        problems.accept("sensitive of a frame must be true or false; true is used");
        return true;
    }

    private static byte[] png(JsonNode picture) throws BrokenImageException {
        byte[] png;
        if (picture.hasNonNull("base64")) {
            png = ScreenshotImage.ofBase64(picture.get("base64").asText()).png();
        } else if (picture.hasNonNull("path")) {
            png = ScreenshotImage.of(file(picture.get("path").asText())).png();
        } else {
            throw new BrokenImageException("a frame requires path or base64");
        }
        if (png.length > MAX_BYTES) {
            throw new BrokenImageException("the screenshot has more than " + MAX_BYTES + " bytes");
        }
        return png;
    }

    private static byte[] file(String path) throws BrokenImageException {
        try {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file)) {
                throw new BrokenImageException(path + " is not a regular file");
            }
            // Virtual files, such as those in /proc, report a size of 0.
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new BrokenImageException(path + " has more than " + MAX_BYTES + " bytes");
                }
                return bytes;
            }
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            throw new BrokenImageException(path + " cannot be read");
        }
    }

    /** The frame as JSON, with the other fields of the line's picture. */
    private ObjectNode described(Frame frame, JsonNode picture) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("role", frame.role().wireName())
                .put("file", frame.file())
                .put("width", frame.width())
                .put("height", frame.height())
                .put("sensitive", frame.sensitive());
        ObjectNode more = ((ObjectNode) picture).deepCopy();
        more.remove(OWN_FIELDS);
        parser.addValidFrameFields(more, json);
        return json;
    }
}
