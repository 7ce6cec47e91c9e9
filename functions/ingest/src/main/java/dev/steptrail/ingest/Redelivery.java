package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Log;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.store.admin.RejectedRepository.RejectedMessage;
import dev.steptrail.store.ingest.WriteListener;
import dev.steptrail.store.ingest.WriteListener.Rejected;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes rejected messages again, each as if the queue delivered it now, from the sender who sent it: the queue itself would
 * stamp it with whoever puts it there. Their rows in rejected_messages stay as they are.
 */
public final class Redelivery {
    private final Ingest ingest;

    public Redelivery(Database database, BucketReader bucket) {
        this.ingest = new Ingest(database, bucket);
    }

    /**
     * What became of a message.
     *
     * @param complete whether all that it holds is kept now, as rows or among the rejected; if not, to try again later is right
     * @param rejections why parts of it, or all of it, are rejected now
     */
    public record Outcome(boolean complete, WriteResult result, List<Rejected> rejections) {
        public Outcome {
            rejections = List.copyOf(rejections);
        }

        /** Whether it is rejected as it was before, so that its row is where it is kept. */
        public boolean leaves(RejectedMessage message) {
            return rejections.stream()
                    .anyMatch(rejected -> rejected.fingerprint().equals(message.fingerprint()));
        }
    }

    /** Takes it again; nothing is lost or kept twice however often, and by how many at once, this is called. */
    public Outcome take(RejectedMessage message, Context context) {
        List<Rejected> rejections = new ArrayList<>();
        BatchWriter batch = ingest.take(List.of(delivered(message)), context, new WriteListener() {
            @Override
            public void rejected(Rejected rejected) {
                rejections.add(rejected);
            }
        });
        Outcome outcome = new Outcome(batch.unwritten().isEmpty(), batch.result(), rejections);
        log(message, outcome, context);
        return outcome;
    }

    private static void log(RejectedMessage message, Outcome outcome, Context context) {
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
        Log.of(context).info("ingested", fields);
    }

    private static SQSMessage delivered(RejectedMessage message) {
        SQSMessage delivered = new SQSMessage();
        delivered.setMessageId("rejected-" + message.entry().id());
        delivered.setBody(message.body().text());
        delivered.setAttributes(Map.of("SenderId", message.entry().senderId()));
        if (message.body().contentEncoding() != null) {
            MessageAttribute encoding = new MessageAttribute();
            encoding.setDataType("String");
            encoding.setStringValue(message.body().contentEncoding());
            delivered.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        }
        return delivered;
    }
}
