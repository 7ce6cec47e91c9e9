package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.store.ingest.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes messages one after the other, decodes them, and has them written as soon as they are large together. */
final class Intake {
    /**
     * As soon as so much JSON is decoded it is written, and forgotten before more is decoded. Decoded, JSON takes some ten
     * times its length, and a batch of 100 small messages may inflate to 800 MiB.
     */
    private static final int MAX_DECODED = 8 * 1024 * 1024;

    private final BatchWriter batch;
    private final PayloadFetcher payloads;
    private List<BatchWriter.Delivery> decoded = new ArrayList<>();
    private int length;

    Intake(BatchWriter batch, PayloadFetcher payloads) {
        this.batch = batch;
        this.payloads = payloads;
    }

    /** Takes messages and has them written; a large one maybe in parts. */
    void take(List<SQSMessage> messages) {
        ReadAhead reading = new ReadAhead(messages);
        for (SQSMessage message : messages) {
            String id = message.getMessageId();
            if (batch.isOver()) {
                batch.leave(id);
                continue;
            }
            try {
                take(id, reading.next());
            } catch (RuntimeException e) {
                batch.leave(id, e);
            }
        }
        write();
    }

    private void take(String id, MessageReader.Decoded read) {
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
                batch.leave(id); // its other records come again as well, and are duplicates then
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

    /** Has all written that was taken and is not written yet. */
    private void write() {
        batch.write(decoded);
        decoded = new ArrayList<>();
        length = 0;
    }
}
