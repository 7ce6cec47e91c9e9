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

/** Returns decoded messages in order. Decodes the next few in the background, with one thread per processor. */
final class MessagePrefetcher {
    /** The maximum number of prefetched messages. Long messages are decompressed in advance, but not decoded. */
    private static final int MAX_PREFETCHED = 4;

    /** One thread per processor. The calling thread needs none, because it waits for these. */
    private static final ExecutorService DECODERS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
                Thread thread = new Thread(work, "decoder");
                thread.setDaemon(true);
                return thread;
            });

    private final Iterator<SQSMessage> messages;
    private final Deque<ForkJoinTask<Supplier<MessageReader.DecodedMessage>>> prefetched = new ArrayDeque<>();

    MessagePrefetcher(List<SQSMessage> messages) {
        this.messages = messages.iterator();
    }

    /** @throws java.util.NoSuchElementException if there are no more messages */
    MessageReader.DecodedMessage next() {
        while (messages.hasNext() && prefetched.size() <= MAX_PREFETCHED) {
            SQSMessage message = messages.next();
            ForkJoinTask<Supplier<MessageReader.DecodedMessage>> task =
                    ForkJoinTask.adapt(() -> MessageReader.read(message));
            DECODERS.execute(task::quietlyInvoke);
            prefetched.add(task);
        }
        return prefetched.remove().join().get(); // join() rethrows exceptions; get() decodes a long message
    }
}
