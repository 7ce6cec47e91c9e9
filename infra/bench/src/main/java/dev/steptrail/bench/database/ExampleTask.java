package dev.steptrail.bench.database;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.TaskStarted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** Creates records and messages of tasks that consist of {@link ExampleStep}s, as the shipper sends them. */
public final class ExampleTask {
    private ExampleTask() {}

    /** Consecutive steps of a task. */
    public record Range(UUID task, int first, int steps) {
        /** Returns the steps as one message. */
        public MessageBody toMessage() {
            return ExampleTask.createMessage(task, first, steps);
        }
    }

    /** Returns the record of a task that starts now. */
    public static TaskStarted createStart(UUID task) {
        return new TaskStarted(
                task,
                Instant.now(),
                "volume",
                "把媒体音量调到最大",
                "bench",
                "glm",
                "phone-1",
                null,
                null,
                Map.of(),
                ExperimentCase.NONE,
                List.of(),
                Map.of());
    }

    /** Returns one message with consecutive steps. */
    public static MessageBody createMessage(UUID task, int first, int count) {
        return MessageCodec.encode(IntStream.range(first, first + count)
                .mapToObj(number -> RecordCodec.encode(ExampleStep.create(task, number)))
                .toList());
    }
}
