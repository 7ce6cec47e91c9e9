package dev.steptrail.cli.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.screenshot.ModelImages;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    /** The fields of a record by their names in {@code metadata}. An invalid value makes the recording invalid. */
    private static final Map<String, String> TASK_FIELDS =
            Map.of("task_name", "name", "description", "description", "model_name", "model", "device_id", "device_id");

    /** The same for a step. */
    private static final Map<String, String> STEP_FIELDS = Map.of(
            "step_number", "step_number",
            "action_data", "action",
            "thinking", "thinking",
            "success", "success",
            "error_message", "error_message");

    /** Fields that may have another meaning in a recording: with an invalid value they are kept as other fields. */
    private static final List<String> EXPERIMENT_FIELDS = List.of("experiment", "case_id", "repeat", "attributes");

    private static final List<String> MODEL_CALL_FIELDS = List.of("usage", ModelCall.INPUT, ModelCall.OUTPUT);

    private final ZoneId zone;
    private final UUID taskId;
    private final TaskStarted started;
    private final TaskEnded ended;
    private final List<ObjectNode> steps = new ArrayList<>();
    private final List<@Nullable String> screenshotPaths = new ArrayList<>();
    private final List<Integer> stepsWithInvalidUsage = new ArrayList<>();

    /**
     * Reads a file.
     *
     * @param zone the time zone of timestamps without an offset
     * @throws InvalidInputException if the file is not a valid recording
     */
    AutoGlmRecording(byte[] file, ZoneId zone, boolean newId) throws InvalidInputException {
        this.zone = zone;
        JsonNode root = RecordParser.parseFile(file);
        JsonNode metadata = root.path(METADATA);
        if (!metadata.isObject() || !root.path("steps").isArray()) {
            throw new InvalidInputException(
                    "is not a recording of Open-AutoGLM (expected an object \"metadata\" and an array \"steps\")");
        }
        Instant created = time(metadata, "created_at", METADATA, ZoneOffset.UTC);
        try {
            taskId = newId ? UuidV7.at(created) : UuidV7.of(created, Sha256.of(file));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("metadata: created_at: is before 1970");
        }
        started = readStart(RecordParser.normalize(metadata));
        ended = readStepsAndEnd(root.path("steps"), metadata.path("execution_time"));
    }

    private TaskStarted readStart(ObjectNode metadata) throws InvalidInputException {
        Instant created = time(metadata, "created_at", METADATA, zone);
        metadata.remove("created_at");
        ObjectNode record =
                RecordParser.createDefaults("task_started", taskId, created).put("agent", "Open-AutoGLM");
        TASK_FIELDS.forEach((name, recordName) -> move(metadata, name, record, recordName));
        if (!record.hasNonNull("description")) {
            record.set("description", record.path("name"));
        }
        moveIfValid(EXPERIMENT_FIELDS, metadata, record, TASK_FIELDS, METADATA);
        metadata.properties().removeIf(field -> field.getValue().isNull());
        record.set(METADATA, metadata);
        return (TaskStarted) decode(record, TASK_FIELDS, METADATA);
    }

    /**
     * Reads and checks all steps, and derives the task's end. Without a finish action the task has failed, even if its
     * last step succeeded.
     */
    private TaskEnded readStepsAndEnd(JsonNode list, JsonNode executionSeconds) throws InvalidInputException {
        Set<Integer> numbers = new HashSet<>();
        Step last = null;
        int lastNumber = 0;
        for (JsonNode element : list) {
            String path = "steps[" + steps.size() + "]";
            last = readStep(RecordParser.normalize(element), path);
            int number = last.stepNumber();
            if (!numbers.add(number)) {
                throw new InvalidInputException(path + ": step_number: " + number + " is not unique");
            }
            lastNumber = Math.max(lastNumber, number);
        }
        boolean finished = last != null && last.stepType().equals(StepType.COMPLETION);
        boolean succeeded = finished && last != null && !Boolean.FALSE.equals(last.success());
        return new TaskEnded(
                taskId,
                calculateEnd(last == null ? started.timestamp() : last.timestamp(), executionSeconds),
                succeeded ? TaskStatus.SUCCEEDED : TaskStatus.FAILED,
                finished ? EndReason.FINISHED : EndReason.ENDED_WITHOUT_FINISH,
                finished ? steps.get(steps.size() - 1).at("/action/message").textValue() : null,
                lastNumber,
                List.of(),
                Map.of());
    }

    private Instant calculateEnd(Instant lastStep, JsonNode executionSeconds) {
        if (!executionSeconds.isNumber()
                || !(executionSeconds.doubleValue() <= Duration.ofDays(365).toSeconds())) {
            return lastStep;
        }
        Instant end = started.timestamp().plusMillis(Math.round(executionSeconds.doubleValue() * 1000));
        return end.isAfter(lastStep) ? end : lastStep;
    }

    /** Reads a step without its screenshot. A field whose name has another meaning in a record gets the prefix x_. */
    private Step readStep(ObjectNode step, String path) throws InvalidInputException {
        ObjectNode record = RecordParser.createDefaults("step", taskId, time(step, "timestamp", path, zone));
        screenshotPaths.add(text(step, "screenshot_path", path));
        step.remove(List.of("timestamp", "screenshot_path"));
        JsonNode action = step.path("action_data");
        boolean isFinish = action.path("_metadata").asText().equals("finish");
        record.put("step_type", isFinish ? StepType.COMPLETION : StepType.ACTION);
        if (step.path("action_type").equals(action.path("action"))) {
            step.remove("action_type");
        }
        STEP_FIELDS.forEach((name, recordName) -> move(step, name, record, recordName));
        boolean hasUsage = step.hasNonNull("usage");
        moveIfValid(MODEL_CALL_FIELDS, step, record, STEP_FIELDS, path);
        Usage usage = ((Step) decode(record, STEP_FIELDS, path)).modelCall().usage();
        if (hasUsage && (usage == null || !usage.hasCounts())) {
            move(record, "usage", step, "usage");
            stepsWithInvalidUsage.add(record.path("step_number").asInt());
        }
        step.properties()
                .forEach(field -> record.set(
                        Step.FIELDS.contains(field.getKey()) ? "x_" + field.getKey() : field.getKey(),
                        field.getValue()));
        steps.add(record);
        return (Step) decode(record, STEP_FIELDS, path);
    }

    private static void move(ObjectNode from, String name, ObjectNode target, String newName) {
        JsonNode value = from.remove(name);
        if (value != null) {
            target.set(newName, value);
        }
    }

    /** Moves fields to a record, except those whose value would not be valid there. */
    private static void moveIfValid(
            List<String> names, ObjectNode from, ObjectNode record, Map<String, String> recordNames, String path)
            throws InvalidInputException {
        ObjectNode fields = RecordParser.normalize(from).retain(names);
        try {
            from.remove(names);
            for (String invalid : RecordParser.addValidFields(fields, record, problem -> {})) {
                from.set(invalid, fields.path(invalid));
            }
        } catch (InvalidRecordException e) {
            throw invalid(e, recordNames, path);
        }
    }

    private static StepRecord decode(ObjectNode record, Map<String, String> recordNames, String path)
            throws InvalidInputException {
        try {
            return RecordParser.decode(record);
        } catch (InvalidRecordException e) {
            throw invalid(e, recordNames, path);
        }
    }

    /** Returns an error about a field of the recording, whose name may be another one than in a record. */
    private static InvalidInputException invalid(InvalidRecordException e, Map<String, String> names, String path) {
        String reason = e.reason();
        for (Map.Entry<String, String> name : names.entrySet()) {
            if (reason.startsWith(name.getValue() + ":")) {
                reason = name.getKey() + reason.substring(name.getValue().length());
                break;
            }
        }
        return new InvalidInputException(path + ": " + reason);
    }

    /** Returns a string; null if it is missing or null. */
    private static @Nullable String text(JsonNode object, String field, String path) throws InvalidInputException {
        JsonNode value = object.path(field);
        if (!value.isTextual() && !value.isNull() && !value.isMissingNode()) {
            throw new InvalidInputException(path + ": " + field + ": must be a string");
        }
        return value.textValue();
    }

    /** Parses ISO 8601 with an offset or, as Python's {@code datetime.now().isoformat()} writes it, without one. */
    private static Instant time(JsonNode object, String field, String path, ZoneId zone) throws InvalidInputException {
        String text = text(object, field, path);
        String problem = "is missing";
        if (text != null) {
            try {
                TemporalAccessor time =
                        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
                int year = time.get(ChronoField.YEAR);
                if (year >= 1970 && year < 9999) {
                    return time instanceof OffsetDateTime zoned
                            ? zoned.toInstant()
                            : ((LocalDateTime) time).atZone(zone).toInstant();
                }
                problem = "must be in the years 1970 to 9998";
            } catch (DateTimeException e) {
                problem = "must be an ISO 8601 time, such as 2025-12-14T21:41:58.018843";
            }
        }
        throw new InvalidInputException(path + ": " + field + ": " + problem);
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
        return steps.get(index).path("step_number").intValue();
    }

    /**
     * Returns the numbers of the steps whose {@code usage} is kept as another field, because it has no valid counts.
     */
    List<Integer> stepsWithInvalidUsage() {
        return List.copyOf(stepsWithInvalidUsage);
    }

    /** Returns the path of a step's screenshot, relative to the recording's folder. */
    @Nullable
    String screenshotPath(int index) {
        return screenshotPaths.get(index);
    }

    /** @param images replaces images in what the model received and returned */
    Step step(int index, List<Frame> frames, ModelImages images) throws InvalidInputException {
        ObjectNode record = steps.get(index).deepCopy();
        if (!frames.isEmpty()) {
            frames.forEach(frame -> record.withArray("frames").add(RecordParser.toJson(frame)));
        }
        Step step = (Step) decode(record, STEP_FIELDS, "steps[" + index + "]");
        return RecordedTask.withoutModelImages(step, images);
    }
}
