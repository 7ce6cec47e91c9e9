package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A program that passes a highly compressed batch to the handler, and prints its log. */
final class SmallHeap {
    /** Each is of a separate task; together they decompress to 64 MiB. */
    static final int MESSAGES = 8;

    /** The maximum per message, which is nearly 8 MiB of JSON. */
    static final int STEPS = 10_000;

    private static final String THINKING = "I see the camera. ".repeat(28);

    private SmallHeap() {}

    /**
     * Reads settings from the environment; the sender must be registered.
     *
     * @param arguments the sender of 8 messages that inflate to 64 MiB
     */
    public static void main(String[] arguments) {
        SQSEvent event = new SQSEvent();
        event.setRecords(large(arguments[0]));
        TestContext context = new TestContext(Duration.ofMinutes(5));
        new IngestHandler(System.getenv()).handleRequest(event, context);
        System.out.print(context.logged());
    }

    private static List<SQSMessage> large(String sender) {
        List<SQSMessage> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            messages.add(Messages.message(sender, MessageCodec.encode(records(new UUID(7, i)))));
        }
        return messages;
    }

    /** The records of one message. */
    static List<byte[]> records(UUID task) {
        List<byte[]> records = new ArrayList<>();
        for (int number = 1; number <= STEPS; number++) {
            records.add(RecordCodec.encode(TestRecords.step(task, number, THINKING)));
        }
        return records;
    }
}
