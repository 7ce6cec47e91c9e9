package dev.steptrail.ingest;

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
 * messages are buffered, and written when the buffer reaches {@value #MAX_BUFFERED_LENGTH} characters.
 */
record MessageIngester(Database database, BucketReader bucket) {
    /**
     * The length of buffered JSON, in characters, at which the buffer is written. Decoded records take about ten times
     * as much memory, and a batch of 100 small messages may decompress to 800 MiB.
     */
    private static final int MAX_BUFFERED_LENGTH = 4 * 1024 * 1024;

    /**
     * Writes as many messages as time allows, large ones in parts.
     *
     * @param remaining returns the remaining time; called repeatedly
     * @return the writer with results and failures
     */
    BatchWriter ingest(List<SQSMessage> messages, Log log, Supplier<Duration> remaining, WriteListener listener) {
        BatchWriter batch = new BatchWriter(new DatabaseStepWriter(database, listener), remaining, log);
        new BatchProcessor(batch, new PayloadFetcher(bucket, log)).process(messages);
        return batch;
    }

    /** The state of one batch. */
    private static final class BatchProcessor {
        private final BatchWriter batch;
        private final PayloadFetcher payloads;
        private List<BatchWriter.Delivery> buffered = new ArrayList<>();
        private int bufferedLength;

        BatchProcessor(BatchWriter batch, PayloadFetcher payloads) {
            this.batch = batch;
            this.payloads = payloads;
        }

        private void process(List<SQSMessage> messages) {
            MessagePrefetcher prefetcher = new MessagePrefetcher(messages);
            for (SQSMessage message : messages) {
                String id = message.getMessageId();
                if (batch.isStopped()) {
                    batch.markFailed(id);
                    continue;
                }
                try {
                    add(id, prefetcher.next());
                } catch (RuntimeException | StackOverflowError e) {
                    batch.markFailedByBug(id, e);
                }
            }
            writeBuffered();
        }

        private void add(String id, MessageReader.DecodedMessage decoded) {
            bufferedLength += decoded.length();
            ReceivedMessage message = decoded.message();
            for (MessageRecord.Claim claim : decoded.claims()) {
                if (bufferedLength >= MAX_BUFFERED_LENGTH) {
                    buffered.add(new BatchWriter.Delivery(id, message));
                    writeBuffered();
                    message = message.withRecords(List.of());
                }
                Optional<PayloadFetcher.FetchedPayload> fetched =
                        batch.isStopped() ? Optional.empty() : payloads.fetch(claim);
                if (fetched.isEmpty()) {
                    batch.markFailed(id); // the records that SQS then delivers again are duplicates
                    continue;
                }
                message = message.withAddedRecord(fetched.get().record());
                bufferedLength += fetched.get().length();
            }
            buffered.add(new BatchWriter.Delivery(id, message));
            if (bufferedLength >= MAX_BUFFERED_LENGTH) {
                writeBuffered();
            }
        }

        private void writeBuffered() {
            batch.write(buffered);
            buffered = new ArrayList<>();
            bufferedLength = 0;
        }
    }
}
