package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.Log;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedMessage;
import dev.steptrail.store.ingest.WriteListener;
import dev.steptrail.store.ingest.WriteListener.Rejected;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Retries rejected messages, as if SQS delivered them from their original sender. Does not send them to SQS, which
 * would set SenderId to the id of this function's role. Does not delete the rows in {@code rejected_messages}.
 */
public final class Redelivery {
    private final Database database;

    public Redelivery(Database database) {
        this.database = database;
    }

    /**
     * The result of a retry.
     *
     * @param complete whether all records are stored, as rows or as rejected records; if false, retry later
     * @param rejections the rejections of the message or of its records
     */
    public record Outcome(boolean complete, WriteResult result, List<Rejected> rejections) {
        public Outcome {
            rejections = List.copyOf(rejections);
        }

        /** Returns whether the message was rejected again for the same reason, so its row must be kept. */
        public boolean isRejectedAgain(RejectedMessage message) {
            return rejections.stream()
                    .anyMatch(rejected -> rejected.fingerprint().equals(message.fingerprint()));
        }
    }

    /**
     * Retries a message. Idempotent, even if called concurrently.
     *
     * @param remaining returns the remaining time; called repeatedly
     */
    public Outcome redeliver(RejectedMessage message, Log log, Supplier<Duration> remaining) {
        List<Rejected> rejections = new ArrayList<>();
        WriteListener listener = new WriteListener() {
            @Override
            public void onRejected(Rejected rejected) {
                rejections.add(rejected);
            }
        };
        MessageIngester ingester = new MessageIngester(database, listener, remaining, log);
        ingester.ingest(List.of(toSqsMessage(message)));
        Outcome outcome = new Outcome(ingester.failedMessageIds().isEmpty(), ingester.result(), rejections);
        write(log, message, outcome);
        return outcome;
    }

    private static void write(Log log, RejectedMessage message, Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rejected_id", message.entry().id());
        if (message.entry().taskId() != null) {
            fields.put("task_id", message.entry().taskId());
        }
        fields.put("complete", outcome.complete());
        fields.put("steps", outcome.result().steps());
        fields.put("duplicates", outcome.result().duplicates());
        fields.put("rejected", outcome.rejections().size());
        fields.put("dropped", outcome.result().dropped());
        log.info("ingested", fields);
    }

    private static SQSMessage toSqsMessage(RejectedMessage message) {
        SQSMessage sqsMessage = new SQSMessage();
        sqsMessage.setMessageId("rejected-" + message.entry().id());
        sqsMessage.setBody(message.body().text());
        sqsMessage.setAttributes(Map.of("SenderId", message.entry().senderId()));
        if (message.body().contentEncoding() != null) {
            MessageAttribute encoding = new MessageAttribute();
            encoding.setDataType("String");
            encoding.setStringValue(message.body().contentEncoding());
            sqsMessage.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        }
        return sqsMessage;
    }
}
