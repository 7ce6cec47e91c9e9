package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageBody;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The client of the steps queue. Thread-safe. */
final class StepQueue {
    private final ShipperSettings settings;
    private final AwsClients clients;
    private final SqsClient sqs;

    /** The outcome of one message. */
    sealed interface Answer {
        /** SQS has stored it. */
        record Accepted() implements Answer {}

        /** SQS rejected the content; a retry would fail too. */
        record Rejected(String reason) implements Answer {}

        /** SQS did not store it; a retry may succeed. */
        record Retryable(ShipException reason) implements Answer {}
    }

    StepQueue(ShipperSettings settings, AwsClients clients) {
        this.settings = settings;
        this.clients = clients;
        sqs = clients.sqs();
    }

    /**
     * Sends messages in one request. The SDK compares the MD5 of each message with the one that SQS returns.
     *
     * @param bodies at most as many as {@link BatchPolicy#splitIntoRequests} combines
     * @return one answer for each message, in the same order
     * @throws ShipException if nothing can be sent now
     */
    List<Answer> send(List<MessageBody> bodies) throws ShipException {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (MessageBody body : bodies) {
            entries.add(entry(entries.size(), body));
        }
        try {
            return answers(
                    bodies.size(),
                    clients.interruptibly(() -> sqs.sendMessageBatch(
                            request -> request.queueUrl(settings.queueUrl()).entries(entries))));
        } catch (AwsServiceException e) {
            if (!AwsErrors.isAboutContent(e)) {
                throw AwsErrors.ofQueue(e, settings);
            }
            return bodies.size() == 1 ? List.of(rejected(e)) : sendEachAlone(bodies);
        } catch (SdkException e) {
            throw AwsErrors.ofQueue(e, settings);
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

    /** Sends each message alone, to find the bad one after the queue rejected a whole request. */
    private List<Answer> sendEachAlone(List<MessageBody> bodies) throws ShipException {
        List<Answer> answers = new ArrayList<>();
        for (MessageBody body : bodies) {
            answers.addAll(send(List.of(body)));
        }
        return answers;
    }

    private List<Answer> answers(int messages, SendMessageBatchResponse response) throws ShipException {
        if (!response.hasSuccessful() && !response.hasFailed()) {
            throw AwsErrors.ofQueue(AwsErrors.notAws("SQS"), settings);
        }
        ShipException missing =
                new ShipException(ShipProblem.OTHER, "the response of SQS contains no result for a message", null);
        List<Answer> answers = new ArrayList<>(Collections.nCopies(messages, new Answer.Retryable(missing)));
        response.successful().forEach(entry -> answers.set(Integer.parseInt(entry.id()), new Answer.Accepted()));
        response.failed().forEach(entry -> answers.set(Integer.parseInt(entry.id()), failed(entry)));
        return answers;
    }

    private Answer failed(BatchResultErrorEntry entry) {
        AwsServiceException e = SqsException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(entry.code())
                        .errorMessage(entry.message())
                        .build())
                .build();
        ShipException reason = AwsErrors.ofQueue(e, settings);
        // SQS also sets SenderFault for missing credentials, permissions and KMS keys, which the message did not cause.
        boolean causedByMessage = Boolean.TRUE.equals(entry.senderFault()) && reason.problem() == ShipProblem.OTHER;
        return causedByMessage || AwsErrors.isAboutContent(e) ? rejected(e) : new Answer.Retryable(reason);
    }

    private Answer rejected(AwsServiceException e) {
        return new Answer.Rejected(
                "rejected by " + AwsErrors.ofQueue(e, settings).getMessage());
    }
}
