package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Log;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.ingest.WriteListener;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decodes messages in order and writes them to the database, for the SQS function and for {@link Redelivery}. Decoded
 * messages are buffered, and written when the buffer exceeds {@value #MAX_DECODED} characters.
 */
record MessageIngester(Database database, BucketReader bucket) {
    /**
     * The maximum buffered JSON in characters, at most 8 MiB of text. Decoded records take about ten times as much
     * memory, and a batch of 100 small messages may decompress to 800 MiB.
     */
    private static final int MAX_DECODED = 4 * 1024 * 1024;

    /** The time that is reserved for the response. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    /** Writes as many messages as possible, large ones in parts. Returns the writer with results and failures. */
    BatchWriter ingest(List<SQSMessage> messages, Context context, WriteListener listener) {
        Log log = Log.of(context);
        Supplier<Duration> left =
                () -> Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
        BatchWriter batch = new BatchWriter(new DatabaseStepWriter(database, listener), left, log);
        new Pass(batch, new PayloadFetcher(bucket, log)).addAll(messages);
        return batch;
    }

    private static final class Pass {
        private final BatchWriter batch;
        private final PayloadFetcher payloads;
        private List<BatchWriter.Delivery> decoded = new ArrayList<>();
        private int length;

        Pass(BatchWriter batch, PayloadFetcher payloads) {
            this.batch = batch;
            this.payloads = payloads;
        }

        private void addAll(List<SQSMessage> messages) {
            ReadAhead reading = new ReadAhead(messages);
            for (SQSMessage message : messages) {
                String id = message.getMessageId();
                if (batch.isOver()) {
                    batch.markFailed(id);
                    continue;
                }
                try {
                    add(id, reading.next());
                } catch (RuntimeException | StackOverflowError e) {
                    batch.markFailed(id, e);
                }
            }
            write();
        }

        private void add(String id, MessageReader.Decoded read) {
            length += read.length();
            ReceivedMessage message = read.message();
            for (MessageRecord.Claim claim : read.claims()) {
                if (length >= MAX_DECODED) {
                    decoded.add(new BatchWriter.Delivery(id, message));
                    write();
                    message = message.with(List.of());
                }
                Optional<PayloadFetcher.Fetched> fetched = batch.isOver() ? Optional.empty() : payloads.fetch(claim);
                if (fetched.isEmpty()) {
                    batch.markFailed(id); // its other records are delivered again too, and are duplicates then
                    continue;
                }
                message = message.and(fetched.get().record());
                length += fetched.get().length();
            }
            decoded.add(new BatchWriter.Delivery(id, message));
            if (length >= MAX_DECODED) {
                write();
            }
        }

        /** Writes the buffered messages. */
        private void write() {
            batch.write(decoded);
            decoded = new ArrayList<>();
            length = 0;
        }
    }
}
