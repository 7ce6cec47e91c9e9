package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Records, and messages of them as SQS hands them to a function. */
final class Messages {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Messages() {}

    static SQSEvent event(SQSMessage... messages) {
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(messages));
        return event;
    }

    static SQSMessage message(String sender, StepRecord... records) {
        return message(
                sender,
                MessageCodec.encode(
                        Arrays.stream(records).map(RecordCodec::encode).toList()));
    }

    static SQSMessage message(String sender, String json) {
        return message(sender, new MessageBody(json, null));
    }

    static SQSMessage message(String sender, MessageBody body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId("message-" + NUMBER.incrementAndGet());
        message.setBody(body.text());
        message.setAttributes(Map.of("SenderId", sender));
        if (body.contentEncoding() != null) {
            MessageAttribute encoding = new MessageAttribute();
            encoding.setDataType("String");
            encoding.setStringValue(body.contentEncoding());
            message.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        }
        return message;
    }

    static TaskStarted started(UUID taskId) {
        return started(taskId, null);
    }

    static TaskStarted started(UUID taskId, String onBehalfOf) {
        return new TaskStarted(
                taskId,
                START,
                "camera",
                "Take a picture",
                "demo-agent",
                "glm",
                "phone-1",
                null,
                onBehalfOf,
                Map.of("build", "1.10"),
                Map.of());
    }

    static Step step(UUID taskId, int number) {
        return step(taskId, number, "I should open the camera \\ \t\r\n \\N 相机 📷", Map.of());
    }

    static Step step(UUID taskId, int number, String thinking, Map<String, Object> unknown) {
        return new Step(
                taskId,
                START.plusSeconds(number),
                number,
                StepType.ACTION,
                thinking,
                Map.of("action", "Tap", "element", List.of(499, 842)),
                Map.of("finished", false),
                Duration.ofMillis(100),
                number % 5 != 0,
                number % 5 == 0 ? "App not found: 相机" : null,
                Map.of("model_ms", 80),
                Map.of(),
                List.of(),
                List.of(),
                unknown);
    }

    static Step withScreenshot(Step step, String key) {
        return step.shippedAs(List.of(new Screenshot(
                FrameRole.BEFORE,
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
                null,
                null,
                null,
                Map.of("luck", 7))));
    }

    static TaskEnded ended(UUID taskId, TaskStatus status, Instant at) {
        return new TaskEnded(taskId, at, status, null, "done", 3, Map.of());
    }
}
