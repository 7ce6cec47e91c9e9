package dev.steptrail.shipper.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.TaskWriter;
import dev.steptrail.tracker.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The pictures of a line's step: each an object with {@code path} (a PNG or JPEG on this machine, which is copied) or {@code
 * base64} (one of either, with or without {@code data:}), and {@code role} ({@code before} if absent) and {@code sensitive}.
 */
final class LineFrames {
    /** A phone's screen has one or two; a shipper takes no larger one. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private static final String LOST = "lost_screenshots";

    private final Consumer<String> lost;

    LineFrames(Consumer<String> lost) {
        this.lost = lost;
    }

    /**
     * Puts them into the task's folder and names them in {@code step}; what cannot be kept is told, there too, in {@code
     * lost_screenshots}, after what the line told of it itself, and the step goes without it.
     */
    void write(TaskWriter target, int stepNumber, JsonNode pictures, ObjectNode step)
            throws IOException, LineException {
        if (!pictures.isArray()) {
            throw new LineException("frames: must be an array");
        }
        ArrayNode frames = step.putArray("frames");
        List<JsonNode> missing = new ArrayList<>();
        for (JsonNode picture : pictures) {
            FrameRole role = role(picture);
            try {
                Frame frame = target.writeFrame(
                        stepNumber,
                        role,
                        png(picture),
                        picture.path("sensitive").asBoolean(false),
                        null);
                frames.add(json(frame));
            } catch (BrokenImageException e) {
                lost.accept("step " + stepNumber + ": a screenshot is lost: " + e.getMessage());
                missing.add(JsonNodeFactory.instance
                        .objectNode()
                        .put("role", role.wireName())
                        .put("reason", e.getMessage()));
            }
        }
        if (!missing.isEmpty()) {
            JsonNode told = step.path(LOST);
            Iterable<JsonNode> before = told.isArray() || told.isMissingNode() || told.isNull() ? told : List.of(told);
            ArrayNode all = step.putArray(LOST);
            before.forEach(all::add);
            all.addAll(missing);
        }
    }

    private static FrameRole role(JsonNode picture) throws LineException {
        String role = picture.path("role").asText(FrameRole.BEFORE.wireName());
        try {
            return FrameRole.valueOf(role.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new LineException("frames: role: must be one of before, after, other");
        }
    }

    private static byte[] png(JsonNode picture) throws BrokenImageException {
        if (picture.hasNonNull("base64")) {
            return Picture.ofBase64(picture.get("base64").asText()).png();
        }
        if (!picture.hasNonNull("path")) {
            throw new BrokenImageException("a frame needs path or base64");
        }
        return Picture.of(file(picture.get("path").asText())).png();
    }

    private static byte[] file(String path) throws BrokenImageException {
        try {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file)) {
                throw new BrokenImageException(path + " is no file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new BrokenImageException(path + " has more than " + MAX_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            throw new BrokenImageException(path + " cannot be read");
        }
    }

    private static ObjectNode json(Frame frame) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("role", frame.role().wireName())
                .put("file", frame.file())
                .put("width", frame.width())
                .put("height", frame.height())
                .put("sensitive", frame.sensitive());
    }
}
