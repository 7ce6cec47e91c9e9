package dev.steptrail.cli.autoglm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.screenshot.ModelImages;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recording of Open-AutoGLM, {@code {"metadata":{…},"steps":[…]}}, converted to records. The same file gets the same
 * task id unless a new id is requested: the id is derived from the file's hash and from {@code created_at}. For the id,
 * a time without an offset counts as UTC, so that {@code --zone} does not change the id.
 */
final class AutoGlmRecording {
    private static final String METADATA = "metadata";

    private static final Set<String> METADATA_FIELDS =
            Set.of("task_name", "description", "created_at", "model_name", "device_id");
    private static final Set<String> STEP_FIELDS = Set.of(
            "step_number", "action_data", "thinking", "screenshot_path", "timestamp", "success", "error_message");

    private final JsonNode metadata;
    private final JsonNode steps;
    private final ZoneId zone;
    private final UUID taskId;
    private final TaskStarted started;
    private final TaskEnded ended;
    private final List<Integer> stepsWithInvalidUsage = new ArrayList<>();

    /**
     * Reads a file.
     *
     * @param zone the time zone of timestamps without an offset
     * @throws InvalidRecordingException if the file is not a valid recording
     */
    AutoGlmRecording(byte[] file, ZoneId zone, boolean newId) throws InvalidRecordingException {
        this.zone = zone;
        JsonNode root = RecordingJson.parse(file);
        metadata = root.path(METADATA);
        steps = root.path("steps");
        if (!metadata.isObject() || !steps.isArray()) {
            throw new InvalidRecordingException(
                    "is not a recording of Open-AutoGLM (expected an object \"metadata\" and an array \"steps\")");
        }
        Instant created = RecordingJson.time(metadata, "created_at", METADATA, ZoneOffset.UTC);
        try {
            taskId = newId ? UuidV7.at(created) : UuidV7.of(created, Sha256.of(file));
        } catch (IllegalArgumentException e) {
            throw new InvalidRecordingException("metadata: created_at: is before 1970");
        }
        started = readStart();
        ended = readStepsAndEnd();
    }

    private TaskStarted readStart() throws InvalidRecordingException {
        String name = RecordingJson.text(metadata, "task_name", METADATA);
        String description = RecordingJson.text(metadata, "description", METADATA);
        Map<String, Object> extra = RecordingJson.extraFields(metadata, METADATA_FIELDS);
        extra.values().removeIf(Objects::isNull);
        ExperimentCase experimentCase = ExtraFields.takeExperimentCase(extra);
        return new TaskStarted(
                taskId,
                RecordingJson.time(metadata, "created_at", METADATA, zone),
                name,
                description == null ? name : description,
                "Open-AutoGLM",
                RecordingJson.text(metadata, "model_name", METADATA),
                RecordingJson.text(metadata, "device_id", METADATA),
                null,
                null,
                extra,
                experimentCase,
                Map.of());
    }

    /**
     * Reads and checks all steps, and derives the task's end. Without a finish action the task has failed, even if
     * its last step succeeded.
     */
    private TaskEnded readStepsAndEnd() throws InvalidRecordingException {
        Set<Integer> numbers = new HashSet<>();
        Step last = null;
        int lastNumber = 0;
        for (int i = 0; i < steps.size(); i++) {
            last = step(i, List.of(), new ModelImages());
            int number = last.stepNumber();
            if (steps.path(i).hasNonNull("usage") && last.modelCall().usage() == null) {
                stepsWithInvalidUsage.add(number);
            }
            RecordingJson.require(numbers.add(number), "steps[" + i + "]", "step_number: " + number + " is not unique");
            lastNumber = Math.max(lastNumber, number);
        }
        boolean finished = last != null && last.stepType().equals(StepType.COMPLETION);
        boolean succeeded = finished && last != null && !Boolean.FALSE.equals(last.success());
        return new TaskEnded(
                taskId,
                calculateEnd(last == null ? started.timestamp() : last.timestamp()),
                succeeded ? TaskStatus.SUCCEEDED : TaskStatus.FAILED,
                finished ? EndReason.FINISHED : EndReason.ENDED_WITHOUT_FINISH,
                finished
                        ? steps.at("/" + (steps.size() - 1) + "/action_data/message")
                                .textValue()
                        : null,
                lastNumber,
                Map.of());
    }

    private Instant calculateEnd(Instant lastStep) {
        JsonNode executionSeconds = metadata.path("execution_time");
        if (!executionSeconds.isNumber()
                || !(executionSeconds.doubleValue() <= Duration.ofDays(365).toSeconds())) {
            return lastStep;
        }
        Instant end = started.timestamp().plusMillis(Math.round(executionSeconds.doubleValue() * 1000));
        return end.isAfter(lastStep) ? end : lastStep;
    }

    UUID taskId() {
        return taskId;
    }

    TaskStarted started() {
        return started;
    }

    TaskEnded ended() {
        return ended;
    }

    int size() {
        return steps.size();
    }

    int stepNumber(int index) {
        return steps.path(index).path("step_number").intValue();
    }

    /** Returns the numbers of the steps whose {@code usage} is kept as another field, because it has no valid counts. */
    List<Integer> stepsWithInvalidUsage() {
        return List.copyOf(stepsWithInvalidUsage);
    }

    /** Returns the path of a step's screenshot, relative to the recording's folder. */
    @Nullable
    String screenshotPath(int index) {
        return steps.path(index).path("screenshot_path").textValue();
    }

    /** @param images replaces images in what the model received and returned */
    Step step(int index, List<Frame> frames, ModelImages images) throws InvalidRecordingException {
        JsonNode step = steps.path(index);
        String path = "steps[" + index + "]";
        JsonNode number = step.path("step_number");
        RecordingJson.require(
                number.isInt() && number.intValue() >= 1, path, "step_number: must be a whole number of 1 or more");
        JsonNode action = step.path("action_data");
        RecordingJson.require(
                action.isObject() || RecordingJson.isMissing(action), path, "action_data: must be an object");
        JsonNode success = step.path("success");
        RecordingJson.require(
                success.isBoolean() || RecordingJson.isMissing(success), path, "success: must be true or false");
        RecordingJson.text(step, "screenshot_path", path);
        Map<String, Object> fields = RecordingJson.extraFields(step, STEP_FIELDS);
        ModelCall modelCall = ExtraFields.takeModelCall(fields, images);
        Map<String, Object> extra = new LinkedHashMap<>();
        // A field whose name has another meaning in a step record gets the prefix x_.
        fields.forEach((name, value) -> extra.put(Step.FIELDS.contains(name) ? "x_" + name : name, value));
        if (step.path("action_type").equals(action.path("action"))) {
            extra.remove("action_type");
        }
        boolean isFinish = action.path("_metadata").asText().equals("finish");
        return new Step(
                taskId,
                RecordingJson.time(step, "timestamp", path, zone),
                number.intValue(),
                isFinish ? StepType.COMPLETION : StepType.ACTION,
                RecordingJson.text(step, "thinking", path),
                action.isObject() ? RecordingJson.toMap(action) : null,
                null,
                null,
                success.isBoolean() ? success.booleanValue() : null,
                RecordingJson.text(step, "error_message", path),
                Map.of(),
                Map.of(),
                modelCall,
                frames,
                List.of(),
                extra);
    }
}
