package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Supplier;

/** Decodes messages in their order, and the next few ahead of their turn, on as many threads as there are processors. */
final class ReadAhead {
    /** So many are in memory at most whose turn has not come; the long ones among them inflated, but not decoded. */
    private static final int AHEAD = 4;

    /** Not the caller's: it waits, so that its processor is free for one of them. */
    private static final ExecutorService THREADS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
                Thread thread = new Thread(work, "decoder");
                thread.setDaemon(true);
                return thread;
            });

    private final Iterator<SQSMessage> messages;
    private final Deque<ForkJoinTask<Supplier<MessageReader.Decoded>>> ahead = new ArrayDeque<>();

    ReadAhead(List<SQSMessage> messages) {
        this.messages = messages.iterator();
    }

    /** The next message. There must be one. */
    MessageReader.Decoded next() {
        while (messages.hasNext() && ahead.size() <= AHEAD) {
            SQSMessage message = messages.next();
            ForkJoinTask<Supplier<MessageReader.Decoded>> task = ForkJoinTask.adapt(() -> MessageReader.read(message));
            THREADS.execute(task::quietlyInvoke);
            ahead.add(task);
        }
        return ahead.remove().join().get();
    }
}
