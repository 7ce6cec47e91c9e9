package dev.steptrail.localcloud.queues;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Writes the event that a function gets for a batch of messages.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Using Lambda with Amazon SQS</a>
 */
final class QueueEvents {
    private static final JsonMapper JSON = new JsonMapper();

    private final String queueArn;
    private final String region;
    private final Function<Message, String> sender;

    /** @param sender returns the SenderId of a message; ElasticMQ checks no credentials and does not know it */
    QueueEvents(String queueArn, String region, Function<Message, String> sender) {
        this.queueArn = queueArn;
        this.region = region;
        this.sender = sender;
    }

    byte[] event(List<ObjectNode> records) {
        ObjectNode event = JSON.createObjectNode();
        ArrayNode list = event.putArray("Records");
        records.forEach(list::add);
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    ObjectNode record(Message message) {
        ObjectNode json = JSON.createObjectNode();
        json.put("messageId", message.messageId());
        json.put("receiptHandle", message.receiptHandle());
        json.put("body", message.body());
        ObjectNode attributes = json.putObject("attributes");
        message.attributesAsStrings().forEach(attributes::put);
        attributes.put("SenderId", sender.apply(message));
        ObjectNode messageAttributes = json.putObject("messageAttributes");
        message.messageAttributes().forEach((name, value) -> {
            ObjectNode attribute = messageAttributes.putObject(name);
            attribute.put("stringValue", value.stringValue());
            if (value.binaryValue() != null) {
                attribute.put(
                        "binaryValue",
                        Base64.getEncoder().encodeToString(value.binaryValue().asByteArray()));
            }
            attribute.putArray("stringListValues");
            attribute.putArray("binaryListValues");
            attribute.put("dataType", value.dataType());
        });
        json.put("md5OfBody", message.md5OfBody());
        json.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
        json.put("eventSource", "aws:sqs");
        json.put("eventSourceARN", queueArn);
        json.put("awsRegion", region);
        return json;
    }
}
