package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad records among good ones: each is rejected or stored partially, and all others are stored. */
class BadRecordIT extends IngestTestBase {
    private static final int MIB = 1024 * 1024;
    private static final int GZIP_HEADER = 10;

    @BeforeEach
    void deleteOtherRejections() {
        DATABASE.execute("DELETE FROM rejected_messages");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            wrong type      | "step_number":3              | "step_number":"three"       | step_number: must be a whole number from 1 to 2147483647
            wrong type      | "success":true               | "success":"yes"             | success: must be true or false
            wrong type      | "step_type":"action"         | "step_type":["action"]      | step_type: must be a string
            wrong type      | "action":{                   | "action":7,"x":{            | action: must be an object
            wrong type      | "success":true               | "screenshots":{}            | screenshots: must be an array
            wrong type      | "success":true               | "screenshots":["a.webp"]    | screenshots[0]: must be an object
            missing key     | "step_number":3,             | ''                          | step_number: is missing
            missing key     | "step_type":"action",        | ''                          | step_type: is missing
            missing key     | "timestamp":                 | "x_timestamp":              | timestamp: is missing
            missing key     | "task_id":                   | "x_task_id":                | task_id: is missing
            missing key     | "record":"step",             | ''                          | record: is missing
            missing key     | "success":true               | "screenshots":[{}]          | screenshots[0].role: is missing
            out of range    | "step_number":3              | "step_number":0             | step_number: must be a whole number from 1 to 2147483647
            out of range    | "step_number":3              | "step_number":2147483648    | step_number: must be a whole number from 1 to 2147483647
            out of range    | "step_number":3              | "step_number":3.5           | step_number: must be a whole number from 1 to 2147483647
            out of range    | "duration_ms":300            | "duration_ms":-1            | duration_ms: must be a whole number from 0 to 2147483647
            out of range    | "duration_ms":300            | "duration_ms":1e999999999   | the record must not have a number of more than 400 digits in decimal notation
            out of range    | "timestamp":"2026-           | "timestamp":"0000-          | timestamp: must be an ISO 8601 time with a UTC offset, such as 2025-12-14T21:41:58.018Z, in the years 1 to 9999
            unknown version | "v":1                        | "v":2                       | v: must be 1, the only supported version
            unknown kind    | "record":"step"              | "record":"leap"             | record: must be task_started, step, losses, task_ended or verdict
            """)
    void aBadField_rejectsOnlyItsRecord(String kind, String good, String bad, String reason) {
        String record = json(step(task, 3));
        assertThat(record).contains(good);

        assertRejectedAlone(record.replace(good, bad), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"step\"", "[]"})
    void nonObjectElement_isTheOnlyOneRejected(String element) {
        assertRejectedAlone(element, "the record must be a JSON object");
    }

    @Test
    void recordOverALimit_isTheOnlyOneRejected() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        assertRejectedAlone(
                withField("\"x_deep\":" + deep),
                "the record must not nest objects and arrays more than 200 levels deep");
        assertRejectedAlone(
                withField("\"x\":{\"" + "n".repeat(60_000) + "\":1}"),
                "the record must not have a field name of more than 10000 characters");
        assertRejectedAlone(
                json(step(task, 3, "x".repeat(256 * 1024))), "the record must have at most 262144 characters");
    }

    private String withField(String field) {
        return json(step(task, 3)).replace("\"success\":true", field);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badMessages")
    void undecodableMessage_isRejectedAsAWhole(String kind, MessageBody body, String reason) {
        assertThat(ingest(message(ALICE, step(task, 1)), message(ALICE, body), message(ALICE, step(task, 3))))
                .isEmpty();

        assertThat(steps("step_number")).containsExactly("1", "3");
        assertRejected(body, reason);
    }

    static Stream<Arguments> badMessages() {
        byte[] gzip = gzip("{\"v\":1,\"records\":[]}".getBytes(StandardCharsets.UTF_8));
        String noGzip = "the message is not gzip or is truncated";
        String bomb = "the message inflates to more than 8388608 bytes";
        return Stream.of(
                arguments("no base64", new MessageBody("%%%", MessageBody.GZIP), "the message is not base64"),
                arguments("no gzip", inBase64("no gzip".getBytes(StandardCharsets.UTF_8)), noGzip),
                arguments("half of a gzip", inBase64(Arrays.copyOf(gzip, gzip.length / 2)), noGzip),
                arguments("a gzip with a wrong check sum", inBase64(spoiled(gzip)), noGzip),
                arguments(
                        "40,000 empty members",
                        inBase64(repeated(gzip(new byte[0]), 40_000)),
                        "the message has more than one gzip member"),
                arguments("another encoding", new MessageBody("x", "br"), "content-encoding: must be gzip"),
                arguments("240 KiB that inflate as far as they can", bomb(240 * 1024), bomb),
                arguments("what inflates to 500 MB", bomb(700 * 1024), bomb),
                arguments("no JSON", plain("{\"v\":1,\"records\":["), "the message is not JSON (line 1, column 19)"),
                arguments(
                        "depth 1,000,000",
                        inBase64(gzip(("{\"v\":1,\"records\":[" + "[".repeat(MIB)).getBytes(StandardCharsets.UTF_8))),
                        "the message has a string of more than 16777216 characters or more than 100000 levels"),
                arguments("no object", plain("[]"), "the message must be a JSON object"),
                arguments("nothing", plain(""), "the message is empty"),
                arguments("no records", plain("{\"v\":1}"), "records: must be an array"),
                arguments(
                        "unknown version",
                        plain("{\"v\":2,\"records\":[]}"),
                        "v: must be 1, the only supported version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00"})
    void characterThatPostgresCannotStore_isReplacedAndMarked(String character) {
        ingestBetweenOthers(json(step(task, 3, "a~b")).replace("a~b", "a" + character + "b"));

        assertThat(steps("step_number")).containsExactly("1", "2", "3", "4", "5");
        assertThat(steps("thinking").get(2)).isEqualTo("a\uFFFDb");
        assertThat(steps("step_data->>'replaced_characters'")).containsExactly(null, null, "1", null, null);
    }

    private void assertRejectedAlone(String element, String reason) {
        deleteOtherRejections();
        ingestBetweenOthers(element);

        assertThat(steps("step_number")).containsExactly("1", "2", "4", "5");
        assertRejected(MessageCodec.encode(List.of(element.getBytes(StandardCharsets.UTF_8))), reason);
    }

    /** Ingests the element between other records of its message, in a batch with other messages. */
    private void ingestBetweenOthers(String element) {
        SQSMessage holding = message(
                ALICE,
                MessageCodec.encode(Stream.of(json(step(task, 2)), element, json(step(task, 4)))
                        .map(record -> record.getBytes(StandardCharsets.UTF_8))
                        .toList()));

        assertThat(ingest(message(ALICE, step(task, 1)), holding, message(ALICE, step(task, 5))))
                .isEmpty();
    }

    private static void assertRejected(MessageBody body, String reason) {
        assertThat(DATABASE.column("SELECT concat_ws(' ', sender_id, owner, reason) FROM rejected_messages"))
                .containsExactly(ALICE + " alice " + reason);
        assertThat(DATABASE.value("SELECT body FROM rejected_messages")).isEqualTo(body.text());
    }

    private static String json(StepRecord record) {
        return new String(RecordCodec.encode(record), StandardCharsets.UTF_8);
    }

    private static MessageBody plain(String json) {
        return new MessageBody(json, null);
    }

    private static MessageBody inBase64(byte[] bytes) {
        return new MessageBody(Base64.getEncoder().encodeToString(bytes), MessageBody.GZIP);
    }

    /** Returns a body of this length that inflates to about 760 times as many zeros. */
    private static MessageBody bomb(int length) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[MIB]);
        byte[] block = new byte[64 * 1024];
        int size = deflater.deflate(block, 0, block.length, Deflater.FULL_FLUSH);
        byte[] mebibyte = Arrays.copyOf(block, size);
        deflater.end();
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(Arrays.copyOf(gzip(new byte[0]), GZIP_HEADER));
        while (bomb.size() + mebibyte.length <= length / 4 * 3) {
            bomb.writeBytes(mebibyte);
        }
        return inBase64(bomb.toByteArray());
    }

    private static byte[] spoiled(byte[] gzip) {
        byte[] spoiled = gzip.clone();
        spoiled[gzip.length - 8] ^= 1;
        return spoiled;
    }

    private static byte[] repeated(byte[] bytes, int times) {
        ByteArrayOutputStream repeated = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            repeated.writeBytes(bytes);
        }
        return repeated.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
