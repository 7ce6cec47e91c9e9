package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.ingest.ReceivedMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decodes SQS messages in order, the next few in the background, with one thread per processor. A message that cannot
 * be decoded is returned as rejected, with the reason.
 */
final class MessageReader {
    /**
     * A decoded message.
     *
     * @param id the id of the SQS message
     * @param message the message; rejected if it cannot be decoded
     * @param length the length of the message's JSON in characters, to estimate its memory; 0 if nothing was decoded
     */
    record Delivery(String id, ReceivedMessage message, int length) {
        Delivery with(ReceivedMessage other) {
            return new Delivery(id, other, length);
        }
    }

    /** Longer JSON is decoded only when it is needed, because decoded records take much memory. */
    private static final int MAX_EAGER_LENGTH = 256 * 1024;

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
    private final Deque<ForkJoinTask<Supplier<Delivery>>> prefetched = new ArrayDeque<>();

    MessageReader(List<SQSMessage> messages) {
        this.messages = messages.iterator();
    }

    /** @throws java.util.NoSuchElementException if there are no more messages */
    Delivery next() {
        while (messages.hasNext() && prefetched.size() <= MAX_PREFETCHED) {
            SQSMessage message = messages.next();
            ForkJoinTask<Supplier<Delivery>> task = ForkJoinTask.adapt(() -> read(message));
            DECODERS.execute(task::quietlyInvoke);
            prefetched.add(task);
        }
        return prefetched.remove().join().get(); // join() rethrows exceptions; get() decodes a long message
    }

    /** Decompresses a message, and decodes it now or, if it is large, when the supplier is called. */
    private static Supplier<Delivery> read(SQSMessage message) {
        MessageBody body =
                new MessageBody(message.getBody() == null ? "" : message.getBody(), contentEncoding(message));
        String json;
        try {
            json = MessageCodec.decompress(body);
        } catch (InvalidMessageException e) {
            Delivery rejected = reject(message, body, e);
            return () -> rejected;
        }
        if (json.length() > MAX_EAGER_LENGTH) {
            return () -> decode(message, body, json);
        }
        Delivery decoded = decode(message, body, json);
        return () -> decoded;
    }

    private static Delivery decode(SQSMessage message, MessageBody body, String json) {
        try {
            ReceivedMessage received = new ReceivedMessage(senderId(message), body, MessageCodec.decode(json), null);
            return new Delivery(message.getMessageId(), received, json.length());
        } catch (InvalidMessageException e) {
            return reject(message, body, e);
        }
    }

    private static Delivery reject(SQSMessage message, MessageBody body, InvalidMessageException cause) {
        return new Delivery(
                message.getMessageId(), new ReceivedMessage(senderId(message), body, List.of(), cause.reason()), 0);
    }

    /** Returns the sender id that SQS sets; see "SenderId" in the SQS API reference, ReceiveMessage. */
    private static String senderId(SQSMessage message) {
        String sender =
                message.getAttributes() == null ? null : message.getAttributes().get("SenderId");
        return sender == null ? "" : sender;
    }

    private static @Nullable String contentEncoding(SQSMessage message) {
        if (message.getMessageAttributes() == null) {
            return null;
        }
        MessageAttribute attribute = message.getMessageAttributes().get(MessageBody.CONTENT_ENCODING);
        return attribute == null ? null : attribute.getStringValue();
    }
}
