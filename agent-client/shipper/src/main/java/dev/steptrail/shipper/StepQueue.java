package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageBody;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The queue that takes the steps. Thread-safe. */
final class StepQueue implements AutoCloseable {
    private final ShipperSettings settings;
    private final SqsClient sqs;

    StepQueue(ShipperSettings settings, SqsClient sqs) {
        this.settings = settings;
        this.sqs = sqs;
    }

    /**
     * Sends a message; when this returns, SQS has it.
     *
     * @throws RefusedMessageException if SQS refuses it for what is in it, and would again
     * @throws ShipException if nothing can be sent now
     */
    void send(MessageBody body) throws ShipException, RefusedMessageException {
        try {
            sqs.sendMessage(request -> {
                request.queueUrl(settings.queueUrl()).messageBody(body.text());
                if (body.contentEncoding() != null) {
                    request.messageAttributes(Map.of(
                            MessageBody.CONTENT_ENCODING,
                            MessageAttributeValue.builder()
                                    .dataType("String")
                                    .stringValue(body.contentEncoding())
                                    .build()));
                }
            });
        } catch (SqsException e) {
            if (AwsErrors.isOfContent(e)) {
                throw new RefusedMessageException(
                        "refused by " + AwsErrors.ofQueue(e, settings).getMessage(), e);
            }
            throw AwsErrors.ofQueue(e, settings);
        } catch (SdkException e) {
            throw AwsErrors.ofQueue(e, settings);
        }
    }

    @Override
    public void close() {
        sqs.close();
    }
}
