package dev.steptrail.stepformat;

import static dev.steptrail.stepformat.DecodeErrors.STEP;
import static dev.steptrail.stepformat.DecodeErrors.decodeError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input that is not a record. Error messages never quote it. */
class InvalidRecordTest {
    @ParameterizedTest(name = "{1}")
    @MethodSource("texts")
    void decode_notARecord_isRejected(String json, String message) {
        assertThat(decodeError(json)).isEqualTo(message);
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("", "the record is empty"),
                arguments(" \n", "the record is empty"),
                arguments("no JSON", "the record is not JSON (line 1, column 1)"),
                arguments("{'v':1}", "the record is not JSON (line 1, column 2)"),
                arguments("{\"v\":NaN}", "the record is not JSON (line 1, column 9)"),
                arguments("{\"v\":01}", "the record is not JSON (line 1, column 7)"),
                arguments(STEP.substring(0, STEP.length() - 5), "the record is not JSON (line 1, column 144)"),
                arguments(STEP.substring(0, STEP.length() - 1), "the record is not JSON (line 1, column 148)"),
                arguments("null", "the record must be a JSON object"),
                arguments("1", "the record must be a JSON object"),
                arguments("\"step\"", "the record must be a JSON object"),
                arguments("[]", "the record must be a JSON object"),
                arguments("[" + STEP + "]", "the record must be a JSON object"),
                arguments(STEP + STEP, "the record must be one JSON object without further data"),
                arguments(STEP + "]", "the record is not JSON (line 1, column 149)"),
                arguments(STEP + " x", "the record is not JSON (line 1, column 150)"),
                arguments("{}", "v: is missing"));
    }

    @Test
    void decode_notUtf8_isRejected() {
        byte[] latin1 = STEP.replace("action", "ä").getBytes(StandardCharsets.ISO_8859_1);
        byte[] halfPair = "{\"a\":\"???\"}".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, 0, halfPair, 6, 3);

        assertThat(decodeError(latin1)).isEqualTo("the record is not UTF-8");
        assertThat(decodeError(halfPair)).isEqualTo("the record is not UTF-8");
        assertThat(decodeError(Arrays.copyOf(STEP.getBytes(StandardCharsets.UTF_8), 3)))
                .startsWith("the record is not JSON");
        assertThat(decodeError(STEP.getBytes(StandardCharsets.UTF_16))).isEqualTo("the record is not UTF-8");
        assertThat(decodeError(STEP.getBytes(StandardCharsets.UTF_16LE))).startsWith("the record is not JSON");
    }

    @Property(tries = 3000)
    void decode_anyBytes_isRecordOrRejectedWithoutQuote(@ForAll("corrupted") JsonNode record, @ForAll Random random)
            throws Exception {
        String secret = CorruptedRecords.SECRET;
        byte[] json = RecordSchema.bytes(record);
        assertThat(errorOrEmpty(json)).doesNotContain(secret);
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] planted = (random.nextBoolean() ? secret : "\"" + secret).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(planted, 0, json, random.nextInt(json.length - planted.length), planted.length);
        }

        assertThat(errorOrEmpty(Arrays.copyOf(json, random.nextInt(json.length + 1))))
                .doesNotContain(secret);
        assertThat(errorOrEmpty(json)).doesNotContain(secret);
    }

    private static String errorOrEmpty(byte[] json) {
        try {
            RecordCodec.decode(json);
            return "";
        } catch (InvalidRecordException e) {
            return e.toString();
        }
    }

    @Provide
    Arbitrary<JsonNode> corrupted() {
        return CorruptedRecords.records();
    }
}
