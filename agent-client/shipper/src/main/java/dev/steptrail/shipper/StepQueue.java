package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.MessageBody;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Sends messages to the steps queue. Thread-safe. */
final class StepQueue {
    static final int MAX_REQUEST_MESSAGES = 10;

    /** SQS accepts 1 MiB, but compatible servers may still have its former limit of 256 KiB. */
    static final int MAX_REQUEST_BYTES = 256 * 1024;

    /** An upper limit of the size of the {@code content-encoding} attribute: its name, type and value. */
    private static final int ATTRIBUTE_BYTES = 64;

    private final ShipperSettings settings;
    private final AwsClients clients;
    private final SqsClient sqs;

    /** The result of sending one message. */
    sealed interface SendResult {
        /** SQS has stored the message. */
        record Accepted() implements SendResult {}

        /** SQS rejected the message because of its content, so a retry would fail as well. */
        record Rejected(String reason) implements SendResult {}

        /** SQS did not accept the message; a retry may succeed. */
        record Retryable(ShipException reason) implements SendResult {}
    }

    StepQueue(ShipperSettings settings, AwsClients clients) {
        this.settings = settings;
        this.clients = clients;
        sqs = clients.sqs();
    }

    /** Splits messages into requests, in order. A message larger than the limit gets a request to itself. */
    static <T> List<List<T>> splitIntoRequests(List<T> messages, Function<T, MessageBody> body) {
        List<List<T>> requests = new ArrayList<>();
        List<T> request = new ArrayList<>();
        int bytes = 0;
        for (T message : messages) {
            int messageBytes = sizeOf(body.apply(message));
            if (!request.isEmpty()
                    && (request.size() == MAX_REQUEST_MESSAGES || bytes + messageBytes > MAX_REQUEST_BYTES)) {
                requests.add(request);
                request = new ArrayList<>();
                bytes = 0;
            }
            request.add(message);
            bytes += messageBytes;
        }
        if (!request.isEmpty()) {
            requests.add(request);
        }
        return requests;
    }

    static int sizeOf(MessageBody body) {
        boolean isBase64 = body.contentEncoding() != null;
        return (isBase64 ? body.text().length() : body.text().getBytes(UTF_8).length) + ATTRIBUTE_BYTES;
    }

    /**
     * Sends messages in one request. The SDK compares the MD5 of each message with the one that SQS returns.
     *
     * @param bodies the messages of one request, as {@link #splitIntoRequests} returns them
     * @return one result for each message, in the same order
     * @throws ShipException if nothing can be sent now
     */
    List<SendResult> send(List<MessageBody> bodies) throws ShipException {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (MessageBody body : bodies) {
            entries.add(entry(entries.size(), body));
        }
        try {
            return parseResults(
                    bodies.size(),
                    clients.callInterruptibly(() -> sqs.sendMessageBatch(
                            request -> request.queueUrl(settings.queueUrl()).entries(entries))));
        } catch (AwsServiceException e) {
            if (!AwsErrors.isContentRejection(e)) {
                throw AwsErrors.forQueue(e, settings);
            }
            return bodies.size() == 1 ? List.of(toRejection(e)) : sendSeparately(bodies);
        } catch (SdkException e) {
            throw AwsErrors.forQueue(e, settings);
        }
    }

    private static SendMessageBatchRequestEntry entry(int id, MessageBody body) {
        SendMessageBatchRequestEntry.Builder entry =
                SendMessageBatchRequestEntry.builder().id(Integer.toString(id)).messageBody(body.text());
        if (body.contentEncoding() != null) {
            entry.messageAttributes(Map.of(
                    MessageBody.CONTENT_ENCODING,
                    MessageAttributeValue.builder()
                            .dataType("String")
                            .stringValue(body.contentEncoding())
                            .build()));
        }
        return entry.build();
    }

    /** Sends each message in its own request, to find the invalid one after SQS rejected the whole request. */
    private List<SendResult> sendSeparately(List<MessageBody> bodies) throws ShipException {
        List<SendResult> results = new ArrayList<>();
        for (MessageBody body : bodies) {
            results.addAll(send(List.of(body)));
        }
        return results;
    }

    private List<SendResult> parseResults(int count, SendMessageBatchResponse response) throws ShipException {
        if (!response.hasSuccessful() && !response.hasFailed()) {
            throw AwsErrors.forQueue(AwsErrors.invalidResponse("SQS"), settings);
        }
        ShipException missing =
                new ShipException(ShipProblem.OTHER, "the response of SQS contains no result for a message", null);
        List<SendResult> results = new ArrayList<>(Collections.nCopies(count, new SendResult.Retryable(missing)));
        response.successful().forEach(entry -> results.set(Integer.parseInt(entry.id()), new SendResult.Accepted()));
        response.failed().forEach(entry -> results.set(Integer.parseInt(entry.id()), toResult(entry)));
        return results;
    }

    private SendResult toResult(BatchResultErrorEntry entry) {
        AwsServiceException e = SqsException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(entry.code())
                        .errorMessage(entry.message())
                        .build())
                .build();
        ShipException reason = AwsErrors.forQueue(e, settings);
        // SQS also sets SenderFault for missing credentials, permissions and KMS keys.
        boolean causedByMessage = Boolean.TRUE.equals(entry.senderFault()) && reason.problem() == ShipProblem.OTHER;
        return causedByMessage || AwsErrors.isContentRejection(e) ? toRejection(e) : new SendResult.Retryable(reason);
    }

    private SendResult toRejection(AwsServiceException e) {
        return new SendResult.Rejected(
                "rejected by " + AwsErrors.forQueue(e, settings).getMessage());
    }
}
