package dev.steptrail.shipper;

import dev.steptrail.shipper.aws.AwsClient;
import dev.steptrail.shipper.aws.AwsRefusal;
import dev.steptrail.stepformat.MessageBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import software.amazon.awssdk.http.SdkHttpMethod;

/** The queue that takes the steps. Thread-safe. */
final class StepQueue {
    private final ShipperSettings settings;
    private final AwsClient sqs;

    /** What SQS says to a message. */
    sealed interface Answer {
        /** SQS has it. */
        record Accepted() implements Answer {}

        /** SQS refuses it for what is in it, and would again. */
        record Refused(String reason) implements Answer {}

        /** SQS did not take it this time. */
        record Later(ShipException reason) implements Answer {}
    }

    StepQueue(ShipperSettings settings, AwsClient sqs) {
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
            byte[] request = QueueProtocol.request(settings.queueUrl(), bodies);
            return answers(
                    bodies.size(),
                    sqs.send(SdkHttpMethod.POST, "/", QueueProtocol.HEADERS, request)
                            .body());
        } catch (AwsRefusal e) {
            if (!AwsErrors.isOfContent(e)) {
                throw AwsErrors.ofQueue(e, settings);
            }
            return bodies.size() == 1 ? List.of(refused(e)) : sendEachAlone(bodies);
        } catch (IOException e) {
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

    private List<Answer> answers(int messages, byte[] answer) throws IOException {
        ShipException silence = new ShipException(ShipProblem.OTHER, "SQS left a message without an answer", null);
        List<Answer> answers = new ArrayList<>(Collections.nCopies(messages, new Answer.Later(silence)));
        for (QueueProtocol.Entry entry : QueueProtocol.answer(answer)) {
            if (entry.place() < messages) {
                answers.set(entry.place(), entry.taken() ? new Answer.Accepted() : failed(entry));
            }
        }
        return answers;
    }

    private Answer failed(QueueProtocol.Entry entry) {
        AwsRefusal e = new AwsRefusal(0, entry.code(), entry.message());
        ShipException reason = AwsErrors.ofQueue(e, settings);
        // To wait for other credentials, a policy or a key of KMS is the sender's fault too, but not the message's.
        boolean ofMessage = entry.senderFault() && reason.problem() == ShipProblem.OTHER;
        return ofMessage || AwsErrors.isOfContent(e) ? refused(e) : new Answer.Later(reason);
    }

    private Answer refused(AwsRefusal e) {
        return new Answer.Refused("refused by " + AwsErrors.ofQueue(e, settings).getMessage());
    }
}
