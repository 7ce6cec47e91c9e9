package dev.steptrail.cli.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import dev.steptrail.tracker.screenshot.ModelImages;
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
 * Writes the {@code frames} of a step's line into the task's folder. Each is an object with {@code path} (a PNG or JPEG
 * file, which is copied) or {@code base64} (a PNG or JPEG, with or without a {@code data:} prefix). Optional are
 * {@code role} (default {@code before}) and {@code sensitive}.
 *
 * @param problems receives a line for each problem of a frame
 * @param writeFailures receives the error for each frame that cannot be written to the outbox
 */
record FrameImporter(
        TaskRecorder target, RecordParser parser, Consumer<String> problems, Consumer<IOException> writeFailures) {
    private static final String LOST_SCREENSHOTS = "lost_screenshots";

    /** Fields that are not copied from the line, because the written frame defines them. */
    private static final Set<String> RESERVED_FIELDS =
            Set.of("path", "base64", "role", "sensitive", "file", "width", "height");

    /** The maximum size of a frame that the shipper accepts. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    /**
     * Writes the frames and adds them to {@code step}. Appends invalid frames to its {@code lost_screenshots}, after
     * the entries of the line.
     *
     * @param images receives the frames' images as they are in the line or its files
     */
    void write(int stepNumber, JsonNode input, ObjectNode step, ModelImages images) {
        ArrayNode frames = JsonNodeFactory.instance.arrayNode();
        ArrayNode lostFrames = JsonNodeFactory.instance.arrayNode();
        if (!input.isArray()) {
            reportLost(FrameRole.OTHER, "frames must be an array", lostFrames);
        } else {
            for (JsonNode frame : input) {
                FrameRole role = parseRole(frame.path("role"));
                try {
                    ScreenshotImage image = readImage(frame);
                    images.addFrame(role, image);
                    byte[] png = image.png();
                    if (png.length > MAX_BYTES) {
                        throw new BrokenImageException("the screenshot has more than " + MAX_BYTES + " bytes");
                    }
                    boolean sensitive = isSensitive(frame.path("sensitive"));
                    Frame written = target.addFrame(stepNumber, role, png, sensitive, List.of());
                    frames.add(toJson(written, frame));
                } catch (BrokenImageException e) {
                    reportLost(role, String.valueOf(e.getMessage()), lostFrames);
                } catch (IOException e) {
                    writeFailures.accept(e);
                }
            }
        }
        if (!frames.isEmpty()) {
            step.set("frames", frames);
        }
        if (!lostFrames.isEmpty()) {
            JsonNode reported = step.path(LOST_SCREENSHOTS);
            ArrayNode allLost = step.putArray(LOST_SCREENSHOTS);
            boolean isList = reported.isArray() || reported.isMissingNode() || reported.isNull();
            (isList ? reported : List.of(reported)).forEach(allLost::add);
            allLost.addAll(lostFrames);
        }
    }

    private void reportLost(FrameRole role, String reason, ArrayNode lostFrames) {
        problems.accept("a screenshot is lost: " + reason);
        lostFrames.addObject().put("role", role.wireName()).put("reason", reason);
    }

    private FrameRole parseRole(JsonNode role) {
        if (role.isMissingNode() || role.isNull()) {
            return FrameRole.BEFORE;
        }
        try {
            return FrameRole.valueOf(role.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            problems.accept("the frame field role must be before, after or other; other is used");
            return FrameRole.OTHER;
        }
    }

    /** Returns whether the frame is sensitive; true if the value is invalid. */
    private boolean isSensitive(JsonNode sensitive) {
        if (sensitive.isMissingNode() || sensitive.isNull() || sensitive.isBoolean()) {
            return sensitive.asBoolean(false);
        }
        problems.accept("the frame field sensitive must be true or false; true is used");
        return true;
    }

    private static ScreenshotImage readImage(JsonNode frame) throws BrokenImageException {
        if (frame.hasNonNull("base64")) {
            return ScreenshotImage.ofBase64(frame.get("base64").asText());
        } else if (frame.hasNonNull("path")) {
            return ScreenshotImage.of(readFile(frame.get("path").asText()));
        }
        throw new BrokenImageException("a frame requires path or base64");
    }

    private static byte[] readFile(String path) throws BrokenImageException {
        Path file;
        try {
            file = Path.of(path);
        } catch (InvalidPathException e) {
            throw new BrokenImageException("the path of the frame is invalid");
        }
        // The step contains the reason of a loss. The folders of the path may name a user of this machine.
        String name = String.valueOf(file.getFileName());
        if (!Files.isRegularFile(file)) {
            throw new BrokenImageException(name + " is not a regular file");
        }
        // The reported size is not used, because it is 0 for virtual files, such as those in /proc.
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new BrokenImageException(name + " cannot be read");
        }
        if (bytes.length > MAX_BYTES) {
            throw new BrokenImageException(name + " has more than " + MAX_BYTES + " bytes");
        }
        return bytes;
    }

    /** Returns the frame as JSON, with the additional fields from the line. */
    private ObjectNode toJson(Frame frame, JsonNode input) {
        ObjectNode json = RecordParser.toJson(frame);
        ObjectNode extraFields = ((ObjectNode) input).deepCopy();
        extraFields.remove(RESERVED_FIELDS);
        parser.addValidFrameFields(extraFields, json);
        return json;
    }
}
