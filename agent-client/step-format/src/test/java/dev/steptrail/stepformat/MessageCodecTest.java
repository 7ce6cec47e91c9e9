package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final int ENVELOPE_LENGTH = "{\"v\":1,\"records\":[]}".length();

    @Property(tries = 200)
    void decode_encodedRecords_areEqualAndInOrder(@ForAll("records") List<StepRecord> records) throws Exception {
        MessageBody body =
                MessageCodec.encode(records.stream().map(RecordCodec::encode).toList());

        assertThat(MessageCodec.decode(body))
                .isEqualTo(records.stream().map(MessageRecord.Valid::new).toList());
    }

    @ParameterizedTest(name = "{0} bytes")
    @CsvSource({"8191,", "8192,", "8193,gzip", "65536,gzip"})
    void encode_over8KiB_isCompressed(int size, String encoding) throws Exception {
        byte[] record = record("");
        byte[] padded = record("x".repeat(size - ENVELOPE_LENGTH - record.length));

        MessageBody body = MessageCodec.encode(List.of(padded));

        assertThat(body.contentEncoding()).isEqualTo(encoding);
        assertThat(MessageCodec.decode(body)).containsExactly(valid(padded));
        if (encoding == null) {
            assertThat(body.text()).hasSize(size);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFFFE", "\uFFFF"})
    void encode_characterThatSqsRejects_isCompressed(String character) throws Exception {
        byte[] record = record(character);

        MessageBody body = MessageCodec.encode(List.of(record));

        assertThat(body.contentEncoding()).isEqualTo("gzip");
        assertThat(MessageCodec.decode(body)).containsExactly(valid(record));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"\\ud800", "\\udc00", "a\\ud800b", "\\ud800\\ud800", "\\udc00\\ud800", "\\u0000"})
    void decode_recordWithLoneSurrogateInName_doesNotAffectOthers(String escapes) throws Exception {
        String good = text(record("a"));
        String json =
                message(good, good.replaceFirst("}$", ",\"x" + Matcher.quoteReplacement(escapes) + "\":1}"), good);

        for (MessageBody body : List.of(plain(json), gzip(json))) {
            List<MessageRecord> records = MessageCodec.decode(body);

            assertThat(records).hasSize(3);
            assertThat(records.get(0)).isEqualTo(valid(record("a")));
            assertThat(((MessageRecord.Valid) records.get(1)).record().unknown().keySet())
                    .anySatisfy(name -> assertThat(name).contains("\uFFFD"));
            assertThat(records.get(2)).isEqualTo(valid(record("a")));
        }
    }

    @Test
    void emptyMessage_isEncodedAndDecoded() throws Exception {
        assertThat(MessageCodec.encode(List.of())).isEqualTo(plain("{\"v\":1,\"records\":[]}"));
        assertThat(MessageCodec.decode(plain("{\"v\":1,\"records\":[]}"))).isEmpty();
    }

    @Test
    void decode_fieldsInAnyOrder_ignoresUnknownFields() throws Exception {
        String record = text(record("a"));

        assertThat(MessageCodec.decode(
                        plain("{\"x\":[{}],\"records\":[" + record + "],\"v\":1,\"y\":{\"records\":[]}}")))
                .containsExactly(valid(record("a")));
    }

    @Test
    void decode_invalidRecords_keepsTheirTextAndOtherRecords() throws Exception {
        String good = text(record("\uD83D\uDE00 快手"));
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("{ \"v\":1, \"v\":2, \"快\":1.50 }", "v: must be 1, the only supported version");
        for (String other : List.of("7", "null", "[{}]", "\"a\"")) {
            bad.put(other, "the record must be a JSON object");
        }
        bad.put(
                "{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}",
                "the record must not nest objects and arrays more than 200 levels deep");
        bad.put("{\"a\":1e999999999}", "the record must not have a number of more than 400 digits in decimal notation");
        bad.put(
                "{\"a\":[{\"" + "x".repeat(10_001) + "\":1}]}",
                "the record must not have a field name of more than 10000 characters");

        List<MessageRecord> records =
                MessageCodec.decode(plain(message(good, String.join(" , " + good + ",", bad.keySet()), good)));

        List<MessageRecord> expected = new ArrayList<>(List.of(valid(good.getBytes(StandardCharsets.UTF_8))));
        bad.forEach((json, reason) -> {
            expected.add(new MessageRecord.Invalid(reason, json));
            expected.add(expected.get(0));
        });
        assertThat(records).isEqualTo(expected);
    }

    @Test
    void decode_invalidRecordInLongMessage_keepsItsText() throws Exception {
        String good = text(record("快\uD83D\uDE00".repeat(5_000)));
        StringBuilder message = new StringBuilder("{\"v\":1,\"records\":[");
        for (int i = 0; i < 50; i++) {
            message.append(good).append(",{\"number\":").append(i).append("},");
        }
        String json = message.append("7]}").toString();

        List<MessageRecord> records = MessageCodec.decode(gzip(json));

        assertThat(records).hasSize(101);
        assertThat(records.get(99)).isEqualTo(new MessageRecord.Invalid("v: is missing", "{\"number\":49}"));
        assertThat(records.get(100)).isEqualTo(new MessageRecord.Invalid("the record must be a JSON object", "7"));
    }

    @Test
    void decode_namesWithHashCollisions_rejectsOnlyTheirRecord() throws Exception {
        StringBuilder members = new StringBuilder();
        List<String> names = HashCollisions.names(10_000);
        names.forEach(name -> members.append('"').append(name).append("\":1,"));
        String vast = "{" + members + "\"v\":2}";
        String good = text(record("a"));

        List<MessageRecord> records = MessageCodec.decode(gzip(message(vast, good)));

        assertThat(records)
                .containsExactly(
                        new MessageRecord.Invalid("v: must be 1, the only supported version", vast),
                        valid(record("a")));
    }

    @Test
    void decode_notUtf8_isRejected() throws Exception {
        for (String charset : List.of("UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE")) {
            assertThat(decodeError(gzip(message().getBytes(charset))))
                    .as(charset)
                    .startsWith("the message is not ");
        }
    }

    @Test
    void decode_replacedCharacters_areCountedPerRecord() throws Exception {
        String good = text(record("a"));
        String replaced = good.replace("\"a\"", "\"\\u0000\"");

        List<MessageRecord> records = MessageCodec.decode(plain(message(replaced, good)));

        assertThat(((MessageRecord.Valid) records.get(0)).record().unknown())
                .isEqualTo(Map.of("replaced_characters", 1));
        assertThat(records.get(1)).isEqualTo(valid(record("a")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|the message is empty",
                "[]|the message must be a JSON object",
                "{}|v: must be 1, the only supported version",
                "{\"v\":2,\"records\":[]}|v: must be 1, the only supported version",
                "{\"v\":\"1\",\"records\":[]}|v: must be 1, the only supported version",
                "{\"records\":[]}|v: must be 1, the only supported version",
                "{\"v\":1}|records: must be an array",
                "{\"v\":1,\"records\":{}}|records: must be an array",
                "{\"v\":1,\"records\":null}|records: must be an array",
                "{\"v\":1,\"records\":[]}{}|the message must be one JSON object without further data",
                "{\"v\":1,\"records\":[|the message is not JSON (line 1, column 19)",
                "{\"v\":1,\"records\":[hunter2]}|the message is not JSON (line 1, column 19)",
            })
    void decode_notAMessage_isRejected(String json, String reason) throws Exception {
        assertThat(decodeError(plain(json))).isEqualTo(reason);
        assertThat(decodeError(gzip(json))).isEqualTo(reason);
    }

    @Test
    void decode_bodyThatContradictsContentEncoding_isRejected() throws Exception {
        String json = message(text(record("x".repeat(9000))));
        byte[] compressed = Base64.getDecoder().decode(gzip(json).text());

        assertThat(decodeError(new MessageBody(json, "gzip"))).isEqualTo("the message is not base64");
        assertThat(decodeError(new MessageBody(json, "br"))).isEqualTo("content-encoding: must be gzip");
        assertThat(decodeError(gzip(json.getBytes(StandardCharsets.UTF_16)))).isEqualTo("the message is not UTF-8");
        assertThat(decodeError(base64(json.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("the message is not gzip or is truncated");
        assertThat(decodeError(base64(new byte[0]))).isEqualTo("the message is not gzip or is truncated");
        for (int length : new int[] {5, 12, compressed.length / 2, compressed.length - 1}) {
            assertThat(decodeError(base64(Arrays.copyOf(compressed, length))))
                    .isEqualTo("the message is not gzip or is truncated");
        }
        compressed[compressed.length / 2] ^= 1;
        assertThat(decodeError(base64(compressed))).isEqualTo("the message is not gzip or is truncated");
    }

    @Test
    void decode_severalGzipMembers_isRejected_evenFortyThousandEmptyOnes() throws Exception {
        byte[] member = Base64.getDecoder().decode(gzip("{}").text());
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(member);
        two.writeBytes(member);
        byte[] empty = Gzip.compress(new byte[0]);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 40_000; i++) {
            many.writeBytes(empty);
        }

        assertThat(decodeError(base64(two.toByteArray()))).isEqualTo("the message has more than one gzip member");
        assertThat(decodeError(base64(many.toByteArray()))).isEqualTo("the message has more than one gzip member");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 10, 18, 100})
    void decode_bytesAfterGzip_areIgnored(int more) throws Exception {
        MessageBody body = gzip("{\"v\":1,\"records\":[]}");
        byte[] compressed = Base64.getDecoder().decode(body.text());

        assertThat(MessageCodec.decode(base64(Arrays.copyOf(compressed, compressed.length + more))))
                .isEmpty();
    }

    @Test
    void decode_over8MiBDecompressed_isRejected() throws Exception {
        String json = "{\"v\":1,\"records\":[]}";
        String max = json + " ".repeat(MessageCodec.MAX_INFLATED_BYTES - json.length());

        assertThat(MessageCodec.decode(gzip(max))).isEmpty();
        assertThat(decodeError(gzip(max + " "))).isEqualTo("the message inflates to more than 8388608 bytes");
    }

    @Test
    void message_over10000Records_isRejected() throws Exception {
        String max = "0,".repeat(MessageCodec.MAX_RECORDS - 1) + "0";
        byte[] record = record("a");

        assertThat(MessageCodec.decode(gzip(message(max)))).hasSize(10_000);
        assertThat(decodeError(gzip("{\"v\":1,\"records\":[" + max + ",0]}")))
                .isEqualTo("records: must be at most 10000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageCodec.encode(Collections.nCopies(10_001, record)))
                .withMessage("records: must be at most 10000");
    }

    @Test
    void decode_millionsOfOpeningBrackets_isRejected() throws Exception {
        assertThat(decodeError(gzip("[".repeat(8_000_000)))).isEqualTo("the message must be a JSON object");
        assertThat(decodeError(gzip("{\"v\":1,\"records\":[" + "[".repeat(8_000_000))))
                .startsWith("the message has a string of more than 16777216 characters or more than 100000 levels");
    }

    @Property(tries = 1000)
    void decode_anyBase64_isRejected(@ForAll byte[] bytes) {
        assertThat(catchThrowableOfType(InvalidMessageException.class, () -> MessageCodec.decode(base64(bytes))))
                .isNotNull();
    }

    private static byte[] record(String thinking) {
        return RecordCodec.encode(new TaskRecords(new UUID(0, 0)).step(1, thinking));
    }

    private static MessageRecord valid(byte[] record) throws InvalidRecordException {
        return new MessageRecord.Valid(RecordCodec.decode(record));
    }

    private static String message(String... records) {
        return "{\"v\":1,\"records\":[" + String.join(",", records) + "]}";
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private static MessageBody plain(String json) {
        return new MessageBody(json, null);
    }

    private static MessageBody gzip(String json) throws IOException {
        return gzip(json.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageBody gzip(byte[] json) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(json);
        }
        return base64(compressed.toByteArray());
    }

    private static MessageBody base64(byte[] bytes) {
        return new MessageBody(Base64.getEncoder().encodeToString(bytes), "gzip");
    }

    private static String decodeError(MessageBody body) {
        InvalidMessageException error =
                catchThrowableOfType(InvalidMessageException.class, () -> MessageCodec.decode(body));
        assertThat(error).as("rejected").isNotNull();
        assertThat(error.reason()).isEqualTo(error.getMessage());
        return error.reason();
    }

    @Provide
    Arbitrary<List<StepRecord>> records() {
        return RandomRecords.records().list().ofMaxSize(12);
    }
}
