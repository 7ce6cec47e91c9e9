package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageBody;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The queue that takes the steps. Thread-safe. */
final class StepQueue implements AutoCloseable {
    private final ShipperSettings settings;
    private final SqsClient sqs;

    /** What SQS says to a message. */
    sealed interface Answer {
        /** SQS has it. */
        record Accepted() implements Answer {}

        /** SQS refuses it for what is in it, and would again. */
        record Refused(String reason) implements Answer {}

        /** SQS did not take it this time. */
        record Later(ShipException reason) implements Answer {}
    }

    StepQueue(ShipperSettings settings, SqsClient sqs) {
        this.settings = settings;
        this.sqs = sqs;
    }

    /**
     * Sends messages in one request, each of which SQS takes or not.
     *
     * @param bodies as many as {@link MessagePacks} puts together
     * @return the answer to each, in their order
     * @throws ShipException if nothing can be sent now
     */
    List<Answer> send(List<MessageBody> bodies) throws ShipException {
        try {
            return answers(bodies.size(), sqs.sendMessageBatch(request -> request.queueUrl(settings.queueUrl())
                    .entries(entries(bodies))));
        } catch (SqsException e) {
            if (!AwsErrors.isOfContent(e)) {
                throw AwsErrors.ofQueue(e, settings);
            }
            return bodies.size() == 1 ? List.of(refused(e)) : sendEachAlone(bodies);
        } catch (SdkException e) {
            throw AwsErrors.ofQueue(e, settings);
        }
    }

    /** Where the queue refuses the whole for one that is in it. */
    private List<Answer> sendEachAlone(List<MessageBody> bodies) throws ShipException {
        List<Answer> answers = new ArrayList<>();
        for (MessageBody body : bodies) {
            answers.addAll(send(List.of(body)));
        }
        return answers;
    }

    private List<Answer> answers(int messages, SendMessageBatchResponse response) {
        ShipException silence = new ShipException(ShipProblem.OTHER, "SQS left a message without an answer", null);
        List<Answer> answers = new ArrayList<>(Collections.nCopies(messages, new Answer.Later(silence)));
        response.successful().forEach(taken -> answers.set(Integer.parseInt(taken.id()), new Answer.Accepted()));
        for (BatchResultErrorEntry failed : response.failed()) {
            answers.set(Integer.parseInt(failed.id()), answer(failed));
        }
        return answers;
    }

    private Answer answer(BatchResultErrorEntry failed) {
        SqsException e = AwsErrors.ofEntry(failed);
        ShipException reason = AwsErrors.ofQueue(e, settings);
        // To wait for other credentials, a policy or a key of KMS is the sender's fault too, but not the message's.
        boolean ofMessage = Boolean.TRUE.equals(failed.senderFault()) && reason.problem() == ShipProblem.OTHER;
        return ofMessage || AwsErrors.isOfContent(e) ? refused(e) : new Answer.Later(reason);
    }

    private Answer refused(SqsException e) {
        return new Answer.Refused("refused by " + AwsErrors.ofQueue(e, settings).getMessage());
    }

    private static List<SendMessageBatchRequestEntry> entries(List<MessageBody> bodies) {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (MessageBody body : bodies) {
            SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
                    .id(String.valueOf(entries.size()))
                    .messageBody(body.text());
            if (body.contentEncoding() != null) {
                entry.messageAttributes(Map.of(
                        MessageBody.CONTENT_ENCODING,
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(body.contentEncoding())
                                .build()));
            }
            entries.add(entry.build());
        }
        return entries;
    }

    @Override
    public void close() {
        sqs.close();
    }
}
