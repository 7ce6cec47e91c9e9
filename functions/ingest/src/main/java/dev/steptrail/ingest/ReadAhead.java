package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
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
    private final Deque<ForkJoinTask<Supplier<MessageReader.Decoded>>> ahead = new ArrayDeque<>();

    ReadAhead(List<SQSMessage> messages) {
        this.messages = messages.iterator();
    }

    /** The next message. There must be one. */
    MessageReader.Decoded next() {
        while (messages.hasNext() && ahead.size() <= AHEAD) {
            SQSMessage message = messages.next();
            ahead.add(ForkJoinTask.adapt(() -> MessageReader.read(message)).fork());
        }
        ForkJoinTask<Supplier<MessageReader.Decoded>> next = ahead.remove();
        helpUntilDone(next);
        return next.join().get();
    }

    /** Decodes what nobody has begun, from the last on, rather than wait for a message that another thread is at. */
    private void helpUntilDone(ForkJoinTask<?> next) {
        Iterator<ForkJoinTask<Supplier<MessageReader.Decoded>>> fromLast = ahead.descendingIterator();
        while (!next.isDone() && fromLast.hasNext()) {
            ForkJoinTask<?> other = fromLast.next();
            if (other.tryUnfork()) {
                other.quietlyInvoke();
            }
        }
    }
}
