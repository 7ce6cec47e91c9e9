package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.steptrail.stepformat.ForeignJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of SQS and writes the responses to them in the place of Lambda's runtime, which would look at their classes by
 * reflection first (<a href="https://docs.aws.amazon.com/lambda/latest/dg/java-custom-serialization.html">custom serialization</a>);
 * RATIONALE.md has what that takes. Of a message it reads what is text. The runtime finds it by {@code META-INF/services}.
 */
@SuppressWarnings("TypeParameterUnusedInFormals") // as the interface has them
public final class QueueJson implements CustomPojoSerializer {
    private static final JsonFactory JSON = ForeignJson.factory().build();

    @Override
    public <T> T fromJson(InputStream input, Type type) {
        try (JsonParser json = JSON.createParser(input)) {
            return cast(event(json), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public <T> T fromJson(String input, Type type) {
        try (JsonParser json = JSON.createParser(new StringReader(input))) {
            return cast(event(json), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To what the handler says that it takes. */
    @SuppressWarnings("unchecked") // it is a class, as the handler's parameter is
    private static <T> T cast(SQSEvent event, Type type) {
        return ((Class<T>) type).cast(event);
    }

    @Override
    public <T> void toJson(T value, OutputStream output, Type type) {
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeArrayFieldStart("batchItemFailures");
            for (BatchItemFailure failure : ((SQSBatchResponse) value).getBatchItemFailures()) {
                json.writeStartObject();
                json.writeStringField("itemIdentifier", failure.getItemIdentifier());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the value of a field, at whose first token the parser is. */
    private interface Field {
        void take(String name) throws IOException;
    }

    /** Goes through the object at which the parser is; through nothing where it is none. */
    private static void fields(JsonParser json, Field field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            field.take(name);
        }
    }

    private static SQSEvent event(JsonParser json) throws IOException {
        List<SQSMessage> messages = new ArrayList<>();
        json.nextToken();
        fields(json, name -> {
            if (name.equals("Records") && json.currentToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    messages.add(message(json));
                }
            } else {
                json.skipChildren();
            }
        });
        SQSEvent event = new SQSEvent();
        event.setRecords(messages);
        return event;
    }

    private static SQSMessage message(JsonParser json) throws IOException {
        SQSMessage message = new SQSMessage();
        fields(json, name -> {
            switch (name) {
                case "messageId" -> message.setMessageId(text(json));
                case "receiptHandle" -> message.setReceiptHandle(text(json));
                case "body" -> message.setBody(text(json));
                case "eventSourceARN" -> message.setEventSourceArn(text(json));
                case "attributes" -> message.setAttributes(texts(json));
                case "messageAttributes" -> message.setMessageAttributes(messageAttributes(json));
                default -> json.skipChildren();
            }
        });
        return message;
    }

    private static Map<String, MessageAttribute> messageAttributes(JsonParser json) throws IOException {
        Map<String, MessageAttribute> attributes = new HashMap<>();
        fields(json, name -> {
            Map<String, String> texts = texts(json);
            MessageAttribute attribute = new MessageAttribute();
            attribute.setDataType(texts.get("dataType"));
            attribute.setStringValue(texts.get("stringValue"));
            attributes.put(name, attribute);
        });
        return attributes;
    }

    private static Map<String, String> texts(JsonParser json) throws IOException {
        Map<String, String> texts = new HashMap<>();
        fields(json, name -> {
            String text = text(json);
            if (text != null) {
                texts.put(name, text);
            }
        });
        return texts;
    }

    private static @Nullable String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return null;
    }
}
