package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.outbox.LossReason;
import dev.steptrail.tracker.outbox.OutboxFullException;
import dev.steptrail.tracker.outbox.TaskRecorder;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The pictures of a line's step on their way into its task's folder. */
final class LineFrames {
    private static final String LOST = "lost_screenshots";

    private final Consumer<String> told;
    private final BiConsumer<LossReason, IOException> lost;

    /**
     * @param told told of what is wrong with a picture, in one line
     * @param lost told of each picture that the outbox does not take, by its reason
     */
    LineFrames(Consumer<String> told, BiConsumer<LossReason, IOException> lost) {
        this.told = told;
        this.lost = lost;
    }

    /**
     * Puts them into the task's folder and names them in {@code step}. One that is bad is told there, in {@code
     * lost_screenshots}, after what the line told of it itself; the step goes without it, as without one that the outbox does not take.
     */
    void write(TaskRecorder target, int stepNumber, JsonNode pictures, ObjectNode step) {
        ArrayNode frames = JsonNodeFactory.instance.arrayNode();
        ArrayNode missing = JsonNodeFactory.instance.arrayNode();
        if (!pictures.isArray()) {
            lose(FrameRole.OTHER, "frames must be an array", missing);
        } else {
            for (JsonNode json : pictures) {
                LinePicture picture = new LinePicture(json);
                FrameRole role = picture.role(told);
                try {
                    Frame frame = target.addFrame(stepNumber, role, picture.png(), picture.sensitive(told), List.of());
                    frames.add(named(frame, json));
                } catch (BrokenImageException e) {
                    lose(role, String.valueOf(e.getMessage()), missing);
                } catch (OutboxFullException e) {
                    lost.accept(LossReason.OUTBOX_FULL, e);
                } catch (IOException e) {
                    lost.accept(LossReason.OUTBOX_UNWRITABLE, e);
                }
            }
        }
        if (!frames.isEmpty()) {
            step.set("frames", frames);
        }
        if (!missing.isEmpty()) {
            JsonNode told = step.path(LOST);
            Iterable<JsonNode> before = told.isArray() || told.isMissingNode() || told.isNull() ? told : List.of(told);
            ArrayNode all = step.putArray(LOST);
            before.forEach(all::add);
            all.addAll(missing);
        }
    }

    private void lose(FrameRole role, String reason, ArrayNode missing) {
        told.accept("a screenshot is lost: " + reason);
        missing.addObject().put("role", role.wireName()).put("reason", reason);
    }

    /** The frame as its record names it, with the rest of what the line said of it. */
    private ObjectNode named(Frame frame, JsonNode picture) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("role", frame.role().wireName())
                .put("file", frame.file())
                .put("width", frame.width())
                .put("height", frame.height())
                .put("sensitive", frame.sensitive());
        ObjectNode more = ((ObjectNode) picture).deepCopy();
        more.remove(LinePicture.OWN_FIELDS);
        try {
            new FieldFilter(LineFrames::tryInARecord, told).add(more, json);
        } catch (InvalidRecordException e) {
            throw new IllegalStateException("a frame that was written is one", e);
        }
        return json;
    }

    private static void tryInARecord(ObjectNode frame) throws InvalidRecordException {
        ObjectNode step = LineRecords.step(1);
        step.putArray("frames").add(frame);
        LineJson.record(step);
    }
}
