package dev.steptrail.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events and responses in JSON, as Lambda's own runtime reads and writes them. */
class QueueJsonTest {
    private static final String EVENT = """
            {"Records": [
              {"messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
               "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
               "body": "{\\"v\\":1,\\"text\\":\\"声音 \\uD83D\\uDE00 \\\\u0000\\"}",
               "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183",
                              "SenderId": "AIDAIENQZJOLO23YVJ4VO", "ApproximateFirstReceiveTimestamp": "1545082649185"},
               "messageAttributes": {"content-encoding": {"stringValue": "gzip", "stringListValues": [],
                                                          "binaryListValues": [], "dataType": "String"}},
               "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
               "eventSource": "aws:sqs",
               "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue",
               "awsRegion": "us-east-2"},
              {"messageId": "2e1424d4-f796-459a-8184-9c92662be6da",
               "body": "",
               "attributes": {},
               "messageAttributes": {},
               "something": {"new": [1, {"in": "it"}]}}
            ]}
            """;

    private final QueueJson json = new QueueJson();

    @Test
    void anEventIsReadAsTheRuntimeReadsIt() {
        SQSEvent event = read(EVENT);

        SQSEvent expected = LambdaEventSerializers.serializerFor(
                        SQSEvent.class, getClass().getClassLoader())
                .fromJson(EVENT);
        assertThat(event.getRecords()).hasSize(2);
        assertThat(event)
                .usingRecursiveComparison()
                .comparingOnlyFields(
                        "records.messageId",
                        "records.receiptHandle",
                        "records.body",
                        "records.attributes",
                        "records.eventSourceArn",
                        "records.messageAttributes.stringValue",
                        "records.messageAttributes.dataType")
                .isEqualTo(expected);
        assertThat(event.getRecords()
                        .get(0)
                        .getMessageAttributes()
                        .get("content-encoding")
                        .getStringValue())
                .isEqualTo("gzip");
    }

    @Test
    void anEventIsReadFromTextAsFromBytes() {
        assertThat(json.<SQSEvent>fromJson(EVENT, SQSEvent.class)).isEqualTo(read(EVENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"Records\": null}", "{\"Records\": []}", "[]", "null"})
    void whatHasNoMessages_isAnEventOfNone(String event) {
        assertThat(read(event).getRecords()).isEmpty();
    }

    @Test
    void whatIsNoText_isAbsent() {
        SQSMessage message = read("{\"Records\": [{\"body\": null, \"messageId\": 7, \"attributes\": [\"SenderId\"],"
                        + " \"messageAttributes\": {\"content-encoding\": null}}]}")
                .getRecords()
                .get(0);

        assertThat(message.getBody()).isNull();
        assertThat(message.getMessageId()).isNull();
        assertThat(message.getAttributes()).isEmpty();
        assertThat(message.getMessageAttributes().get("content-encoding").getStringValue())
                .isNull();
    }

    @Test
    void whatIsNoJson_isRefused() {
        assertThatThrownBy(() -> read("{\"Records\": [")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aResponseIsWrittenAsTheRuntimeWritesIt() {
        SQSBatchResponse response =
                new SQSBatchResponse(List.of(new BatchItemFailure("message-1"), new BatchItemFailure("message-\"2\"")));

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        JacksonFactory.getInstance().getSerializer(SQSBatchResponse.class).toJson(response, expected);
        assertThat(written(response)).isEqualTo(expected.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theRuntimeFindsIt() {
        assertThat(ServiceLoader.load(CustomPojoSerializer.class))
                .singleElement()
                .isInstanceOf(QueueJson.class);
    }

    private SQSEvent read(String event) {
        return json.fromJson(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), SQSEvent.class);
    }

    private String written(SQSBatchResponse response) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        json.toJson(response, output, SQSBatchResponse.class);
        return output.toString(StandardCharsets.UTF_8);
    }
}
