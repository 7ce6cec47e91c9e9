package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
     * @param arguments the sender and optionally a claim; without it, sends 8 messages that inflate to 64 MiB, else one
     *     message that contains the claim as often as permitted
     */
    public static void main(String[] arguments) {
        List<SQSMessage> messages = arguments.length > 1 ? claims(arguments[0], arguments[1]) : large(arguments[0]);
        SQSEvent event = new SQSEvent();
        event.setRecords(messages);
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

    private static List<SQSMessage> claims(String sender, String claim) {
        byte[] element = claim.getBytes(StandardCharsets.UTF_8);
        List<byte[]> elements = Collections.nCopies(MessageCodec.MAX_CLAIMS, element);
        return List.of(Messages.message(sender, MessageCodec.encode(elements)));
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
