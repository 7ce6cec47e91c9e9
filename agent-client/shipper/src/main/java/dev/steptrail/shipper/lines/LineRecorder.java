package dev.steptrail.shipper.lines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, each handed in as a line of JSON, into an outbox. What a line leaves out is filled in: {@code v}, {@code
 * task_id}, {@code timestamp} (now), {@code step_number} (the next), {@code last_step_number}. A frame is a picture that the
 * line holds or names, see {@link LineFrames}. A line is written before the next is looked at. Not thread-safe.
 */
public final class LineRecorder implements Closeable {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Outbox outbox;
    private final Clock clock;
    private final LineFrames frames;
    private @Nullable TaskWriter writer;
    private UUID taskId = new UUID(0, 0);
    private int lastNumber;

    /**
     * @param lost told of each picture that cannot be kept, in one line; its step is
     */
    public LineRecorder(Outbox outbox, Consumer<String> lost) {
        this(outbox, lost, Clock.systemUTC());
    }

    LineRecorder(Outbox outbox, Consumer<String> lost, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
        this.frames = new LineFrames(lost);
    }

    /**
     * Writes one line.
     *
     * @return the task to which it belongs
     * @throws LineException if it is no record, or no task is open for it; nothing is written then
     * @throws IOException if the outbox cannot be written to
     */
    public UUID add(String line) throws IOException, LineException {
        ObjectNode json = object(line);
        if (json.path("record").asText().equals("task_started")) {
            start(json);
        } else {
            write(json);
        }
        return taskId;
    }

    /** Ends an open task as abandoned: whoever handed in the lines has gone. */
    @Override
    public void close() throws IOException {
        end(TaskStatus.ABANDONED, Ending.ABANDONED, "the input ended before the task did");
    }

    private void start(ObjectNode json) throws IOException, LineException {
        putIfAbsent(json, "task_id", UuidV7.at(clock.instant()).toString());
        TaskStarted started = (TaskStarted) decode(json);
        end(TaskStatus.CANCELLED, Ending.CANCELLED, "another task was started");
        try {
            writer = outbox.newTask(started.taskId());
        } catch (FileAlreadyExistsException e) {
            throw new LineException("task_id: a task of this id is in the outbox already");
        }
        taskId = started.taskId();
        lastNumber = 0;
        writer.append(started);
    }

    private void write(ObjectNode json) throws IOException, LineException {
        TaskWriter target = writer;
        if (target == null) {
            throw new LineException("no task is open: begin with a record task_started");
        }
        putIfAbsent(json, "task_id", taskId.toString());
        String kind = json.path("record").asText();
        JsonNode pictures = null;
        if (kind.equals("step")) {
            putIfAbsent(json, "step_number", lastNumber + 1);
            pictures = json.remove("frames");
        } else if (kind.equals("task_ended")) {
            putIfAbsent(json, "last_step_number", lastNumber);
        }
        StepRecord record = decode(json);
        if (!record.taskId().equals(taskId)) {
            throw new LineException("task_id: is not that of the open task, " + taskId);
        }
        if (record instanceof Step step) {
            lastNumber = Math.max(lastNumber, step.stepNumber());
            if (pictures != null && !pictures.isNull()) {
                frames.write(target, step.stepNumber(), pictures, json);
                record = decode(json);
            }
        }
        append(target, record);
        if (record instanceof TaskEnded) {
            closeWriter();
        }
    }

    private static void append(TaskWriter target, StepRecord record) throws IOException, LineException {
        try {
            target.append(record);
        } catch (IllegalArgumentException tooLong) {
            throw new LineException(String.valueOf(tooLong.getMessage()));
        }
    }

    private void end(TaskStatus status, Ending ending, String message) throws IOException {
        TaskWriter open = writer;
        if (open != null) {
            open.append(new TaskEnded(taskId, now(), status, ending, message, lastNumber, Map.of()));
            closeWriter();
        }
    }

    private void closeWriter() throws IOException {
        TaskWriter open = Objects.requireNonNull(writer);
        writer = null;
        open.close();
    }

    private static ObjectNode object(String line) throws LineException {
        try {
            if (JSON.readTree(line) instanceof ObjectNode json) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Its message quotes the line.
            throw new LineException("the record: is not JSON");
        }
        throw new LineException("the record: must be a JSON object");
    }

    private StepRecord decode(ObjectNode json) throws IOException, LineException {
        putIfAbsent(json, "v", StepRecord.VERSION);
        putIfAbsent(json, "timestamp", now().toString());
        try {
            return RecordCodec.decode(JSON.writeValueAsBytes(json));
        } catch (InvalidRecordException e) {
            throw new LineException(String.valueOf(e.getMessage()));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static void putIfAbsent(ObjectNode json, String field, Object value) {
        if (!json.hasNonNull(field)) {
            json.putPOJO(field, value);
        }
    }
}
