package dev.steptrail.shipper;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.steptrail.stepformat.MessageBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The action SendMessageBatch of SQS in its JSON protocol, as the
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html">API reference</a>
 * has it. An entry's id is its place in the request.
 */
final class QueueProtocol {
    static final Map<String, String> HEADERS =
            Map.of("Content-Type", "application/x-amz-json-1.0", "X-Amz-Target", "AmazonSQS.SendMessageBatch");

    private static final String NOT_OF_SQS = "what answers is not SQS";
    private static final JsonFactory JSON = new JsonFactory();

    private QueueProtocol() {}

    /**
     * What SQS says of one message.
     *
     * @param place in the request
     * @param taken whether SQS has it; the rest is empty then
     * @param senderFault whether SQS thinks it would be refused again
     */
    record Entry(int place, boolean taken, String code, String message, boolean senderFault) {}

    static byte[] request(String queueUrl, List<MessageBody> bodies) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(request)) {
            json.writeStartObject();
            json.writeStringField("QueueUrl", queueUrl);
            json.writeArrayFieldStart("Entries");
            for (int place = 0; place < bodies.size(); place++) {
                write(json, place, bodies.get(place));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return request.toByteArray();
    }

    private static void write(JsonGenerator json, int place, MessageBody body) throws IOException {
        json.writeStartObject();
        json.writeStringField("Id", String.valueOf(place));
        json.writeStringField("MessageBody", body.text());
        if (body.contentEncoding() != null) {
            json.writeObjectFieldStart("MessageAttributes");
            json.writeObjectFieldStart(MessageBody.CONTENT_ENCODING);
            json.writeStringField("DataType", "String");
            json.writeStringField("StringValue", body.contentEncoding());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /**
     * What SQS says of the messages, in any order.
     *
     * @throws IOException if this is no answer of SQS
     */
    static List<Entry> answer(byte[] answer) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (JsonParser json = JSON.createParser(answer)) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String list = json.currentName();
                boolean wanted = json.nextToken() == JsonToken.START_ARRAY
                        && (list.equals("Successful") || list.equals("Failed"));
                if (wanted) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        entries.add(entry(json, list.equals("Successful")));
                    }
                } else {
                    json.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            throw new IOException(NOT_OF_SQS, e);
        }
        return entries;
    }

    private static Entry entry(JsonParser json, boolean taken) throws IOException {
        int place = -1;
        String code = "";
        String message = "";
        boolean senderFault = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "Id" -> place = json.getValueAsInt(-1);
                case "Code" -> code = json.getValueAsString("");
                case "Message" -> message = json.getValueAsString("");
                case "SenderFault" -> senderFault = json.getValueAsBoolean(false);
                default -> json.skipChildren();
            }
        }
        require(place >= 0);
        return new Entry(place, taken, code, message, senderFault);
    }

    private static void require(boolean asExpected) throws IOException {
        if (!asExpected) {
            throw new IOException(NOT_OF_SQS);
        }
    }
}
