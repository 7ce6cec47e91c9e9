package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.outbox.TaskRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A step as its line tells it, before its pictures are written.
 *
 * @param json the same as JSON, into which they come
 * @param pictures as the line gives them; null if it says nothing of any
 */
record LineStep(Step step, ObjectNode json, @Nullable JsonNode pictures) {
    /**
     * Writes those that can be.
     *
     * @return the step with what became of them
     */
    Step written(LineFrames frames, TaskRecorder target) {
        if (pictures == null || pictures.isNull()) {
            return step;
        }
        frames.write(target, step.stepNumber(), pictures, json);
        try {
            return (Step) LineJson.record(json);
        } catch (InvalidRecordException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
