package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Supplier;

/**
 * Decodes messages in their order, and the next few ahead of their turn where a processor is free for it; where none is,
 * whoever asks for a message decodes it.
 */
final class ReadAhead {
    /** So many are in memory at most whose turn has not come; the long ones among them inflated, but not decoded. */
    private static final int AHEAD = 4;

    private final Iterator<SQSMessage> messages;
    private final Queue<ForkJoinTask<Supplier<MessageReader.Decoded>>> ahead = new ArrayDeque<>();

    ReadAhead(List<SQSMessage> messages) {
        this.messages = messages.iterator();
    }

    /** The next message. There must be one. */
    MessageReader.Decoded next() {
        while (messages.hasNext() && ahead.size() <= AHEAD) {
            SQSMessage message = messages.next();
            ahead.add(ForkJoinTask.adapt(() -> MessageReader.read(message)).fork());
        }
        return ahead.remove().join().get();
    }
}
