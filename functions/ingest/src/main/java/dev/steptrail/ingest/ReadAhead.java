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

/** Returns decoded messages in order, and prefetches the next few on one thread per processor. */
final class ReadAhead {
    /** The maximum number of prefetched messages. Long ones are decompressed but not decoded. */
    private static final int MAX_PREFETCHED = 4;

    /** Excludes the calling thread, which waits and so leaves its processor to a decoder. */
    private static final ExecutorService DECODERS =
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

    /** Returns the next message; throws if there is none. */
    MessageReader.Decoded next() {
        while (messages.hasNext() && ahead.size() <= MAX_PREFETCHED) {
            SQSMessage message = messages.next();
            ForkJoinTask<Supplier<MessageReader.Decoded>> task = ForkJoinTask.adapt(() -> MessageReader.read(message));
            DECODERS.execute(task::quietlyInvoke);
            ahead.add(task);
        }
        return ahead.remove().join().get();
    }
}
