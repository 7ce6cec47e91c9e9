package dev.steptrail.localcloud.queues;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads which messages of a batch failed from a function's answer.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Handling errors for an SQS
 *     event source</a>
 */
final class BatchResponse {
    private static final JsonMapper JSON = new JsonMapper();

    private BatchResponse() {}

    /**
     * The ids of the messages that stay on the queue.
     *
     * <p>An empty or null answer, and an empty or null list, mean that all succeeded. An id that is empty, missing or not
     * of this batch, or an answer that cannot be read, means that all failed.
     *
     * @param batch ids of the messages that the function got
     */
    static Set<String> failures(byte[] answer, Set<String> batch) {
        JsonNode failures;
        try {
            failures = JSON.readTree(answer).path("batchItemFailures");
        } catch (IOException e) {
            return batch;
        }
        if (failures.isMissingNode() || failures.isNull()) {
            return Set.of();
        }
        Set<String> failed = new HashSet<>();
        for (JsonNode failure : failures) {
            failed.add(failure.path("itemIdentifier").asText(""));
        }
        return failures.isArray() && batch.containsAll(failed) ? failed : batch;
    }
}
