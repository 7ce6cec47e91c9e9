package dev.steptrail.aws;

import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Sends messages to an SQS FIFO queue, with a timeout of 4 seconds. SQS drops a message whose deduplication id it has
 * received within the last five minutes, so sending is idempotent in that time. Thread-safe.
 */
public final class QueueSender {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final SqsClient client;
    private final String queueUrl;

    /**
     * @param queueUrl the URL of a FIFO queue
     * @param settings those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public QueueSender(String queueUrl, Settings settings) {
        this.queueUrl = queueUrl;
        this.client = new AwsClients(settings).sqs(queueUrl);
    }

    /**
     * Sends a message.
     *
     * @param groupId SQS delivers messages of a group one after another; 1 to 128 letters, digits and punctuation marks
     * @param deduplicationId 1 to 128 letters, digits and punctuation marks
     * @throws BucketException if SQS does not respond in time, or rejects the message
     */
    public void send(String groupId, String deduplicationId, String body) throws BucketException {
        try {
            client.sendMessage(request -> request.queueUrl(queueUrl)
                    .messageGroupId(groupId)
                    .messageDeduplicationId(deduplicationId)
                    .messageBody(body)
                    .overrideConfiguration(limits -> limits.apiCallTimeout(TIMEOUT)));
        } catch (SdkException e) {
            throw BucketException.of("queue", e);
        }
    }
}
