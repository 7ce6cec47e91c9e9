package dev.steptrail.store;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.ingest.ReceivedMessage;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Records of a task that starts at {@link #START}, with one step per second. Every fifth step fails. */
public final class TestRecords {
    public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    /** Characters that need escaping in COPY or JSON, or several bytes in UTF-8. */
    public static final String THINKING = "I see C:\\dir\t\\N, a \"quote\",\r\na new line and 相机 📷";

    private TestRecords() {}

    /** Returns an id that depends only on the random numbers. */
    public static UUID anyTask(Random random) {
        return new UUID(UuidV7.at(START).getMostSignificantBits(), random.nextLong() & ~(3L << 62) | 1L << 63);
    }

    public static TaskStarted started(UUID taskId) {
        return started(taskId, null);
    }

    public static TaskStarted started(UUID taskId, String onBehalfOf) {
        return started(taskId, onBehalfOf, "Take a picture");
    }

    public static TaskStarted started(UUID taskId, String onBehalfOf, String description) {
        return started(taskId, onBehalfOf, description, List.of());
    }

    public static TaskStarted started(
            UUID taskId, String onBehalfOf, String description, List<Attachment> attachments) {
        return new TaskStarted(
                taskId,
                START,
                "camera",
                description,
                "demo-agent",
                "glm",
                "phone-1",
                null,
                onBehalfOf,
                Map.of("build", "1.10"),
                ExperimentCase.NONE,
                attachments,
                Map.of());
    }

    /** Returns the start of a task that is a repeat of a case of an experiment. */
    public static TaskStarted startedRepeat(UUID taskId, Instant time, String experiment, String caseId) {
        ExperimentCase repeat = new ExperimentCase(experiment, caseId, 0, Map.of("prompt_version", "7"));
        return with(started(taskId), "timestamp", time, "metadata", Map.of(), "experimentCase", repeat);
    }

    public static Step step(UUID taskId, int number) {
        return step(taskId, number, THINKING);
    }

    public static Step step(UUID taskId, int number, String thinking) {
        return step(taskId, number, thinking, Map.of());
    }

    public static Step step(UUID taskId, int number, String thinking, Map<String, Object> unknown) {
        boolean fails = number % 5 == 0;
        return new Step(
                taskId,
                START.plusSeconds(number),
                number,
                fails ? StepType.ERROR : StepType.ACTION,
                thinking,
                action(number),
                Map.of("finished", false),
                Duration.ofMillis(100L * number),
                !fails,
                fails ? "App not found: 相机" : null,
                Map.of("model_ms", 80),
                Map.of(),
                ModelCall.NONE,
                List.of(),
                List.of(),
                List.of(),
                unknown);
    }

    /** Returns the same step with another time. */
    public static Step at(Instant time, Step step) {
        return with(step, "timestamp", time);
    }

    /** Returns a copy of a record with other components, given as pairs of a name and a value. */
    @SuppressWarnings("unchecked")
    public static <R extends Record> R with(R original, Object... namesAndValues) {
        List<RecordComponent> components = List.of(original.getClass().getRecordComponents());
        List<String> names = components.stream().map(RecordComponent::getName).toList();
        Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[types.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = components.get(i).getAccessor().invoke(original);
            }
            for (int i = 0; i < namesAndValues.length; i += 2) {
                values[names.indexOf(namesAndValues[i])] = namesAndValues[i + 1];
            }
            return (R) original.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    public static Step withScreenshot(Step step, FrameRole role, String key) {
        return withScreenshot(step, role, key, null);
    }

    public static Step withScreenshot(Step step, FrameRole role, String key, String perceptualHash) {
        return step.withScreenshots(
                List.of(new Screenshot(
                        role,
                        key,
                        "0".repeat(64),
                        1000,
                        9000,
                        1080,
                        2400,
                        "webp",
                        true,
                        false,
                        List.of(),
                        perceptualHash,
                        null,
                        null,
                        Map.of("luck", 7))),
                List.of());
    }

    public static TaskEnded ended(UUID taskId, TaskStatus status, int lastStepNumber) {
        return new TaskEnded(
                taskId, START.plusSeconds(lastStepNumber), status, null, "done", lastStepNumber, List.of(), Map.of());
    }

    /** Returns an attachment with this key, whose object is never read. */
    public static Attachment attachment(String field, String path) {
        return new Attachment(field, path, "0".repeat(64), 10, 20, Map.of());
    }

    /** Returns a message with these records, as ingest decodes it. */
    public static ReceivedMessage message(String senderId, StepRecord... records) {
        MessageBody body = MessageCodec.encode(
                Arrays.stream(records).map(RecordCodec::encode).toList());
        List<MessageRecord> decoded = Arrays.stream(records)
                .<MessageRecord>map(MessageRecord.Valid::new)
                .toList();
        return new ReceivedMessage(senderId, body, decoded, null);
    }

    /** Returns keys in an order that is neither alphabetical nor by length. */
    private static Map<String, Object> action(int number) {
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("action", number % 2 == 0 ? "Wait" : "Tap");
        action.put("element", List.of(499, 842));
        action.put("_metadata", "do");
        return action;
    }
}
