package dev.steptrail.bench.capacity;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.bench.database.ExampleTask;
import dev.steptrail.bench.database.QueuedMessage;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.UuidV7;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Tasks of as many phones, each of which sends a message of its own in a batch. */
final class LiveTasks {
    private static final int COUNT = 100;

    private final List<UUID> tasks =
            Stream.generate(() -> UuidV7.at(Instant.now())).limit(COUNT).toList();
    private int sent;
    private int step = 1;

    /** That all of them begin. */
    SQSEvent started() {
        return event(tasks.stream()
                .map(task -> QueuedMessage.of(
                        "start-" + task, MessageCodec.encode(List.of(RecordCodec.encode(ExampleTask.started(task))))))
                .toList());
    }

    /** The next messages, up to one of each task, of so many steps each. */
    SQSEvent next(int messages, int steps) {
        return event(Stream.generate(() -> nextMessage(steps)).limit(messages).toList());
    }

    private SQSMessage nextMessage(int steps) {
        UUID task = tasks.get(sent++ % COUNT);
        MessageBody body = ExampleTask.steps(task, step, steps);
        // No step comes twice, since numbers go on from one message to the next whichever its task; gaps do not matter.
        step += steps;
        return QueuedMessage.of(task + "." + step, body);
    }

    private static SQSEvent event(List<SQSMessage> messages) {
        SQSEvent event = new SQSEvent();
        event.setRecords(messages);
        return event;
    }

    /** How many bytes such a message has. */
    static double bytes(int steps) {
        LiveTasks tasks = new LiveTasks();
        return tasks.next(COUNT, steps).getRecords().stream()
                .mapToInt(message -> message.getBody().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                .average()
                .orElseThrow();
    }
}
