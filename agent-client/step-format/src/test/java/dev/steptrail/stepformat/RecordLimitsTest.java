package dev.steptrail.stepformat;

import static dev.steptrail.stepformat.DecodeErrors.DIGITS_RULE;
import static dev.steptrail.stepformat.DecodeErrors.decode;
import static dev.steptrail.stepformat.DecodeErrors.decodeError;
import static dev.steptrail.stepformat.DecodeErrors.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits of size, depth and length, including input that is short but expands. */
class RecordLimitsTest {
    @ParameterizedTest
    @CsvSource({"1e401", "-1e999999999", "1e99999999999", "1e-401", "1e-999999999", "0e999999999"})
    void decode_numberWithLargeExponent_isRejectedInAnyField(String number) {
        assertThat(decodeError(with("\"action\":{\"x\":[" + number + "]}"))).isEqualTo(DIGITS_RULE);
        assertThat(decodeError(with("\"unknown\":" + number))).isEqualTo(DIGITS_RULE);
        assertThat(decodeError(with("\"duration_ms\":" + number))).isEqualTo(DIGITS_RULE);
    }

    @Test
    void decode_numberOfOver400Digits_isRejected() throws InvalidRecordException {
        assertThat(decodeError(with("\"unknown\":" + "9".repeat(401)))).isEqualTo(DIGITS_RULE);
        assertThat(decodeError(with("\"unknown\":" + "9".repeat(5_000_000)))).isEqualTo(DIGITS_RULE);
        assertThat(decodeError(with("\"unknown\":0." + "0".repeat(1_000_000) + "1")))
                .isEqualTo(DIGITS_RULE);
        assertThat(decode(with("\"unknown\":[1e399,1e-400," + "9".repeat(399) + "]"))
                        .unknown())
                .hasSize(1);
    }

    /** Otherwise a message of 21 KB would need 300 MB of memory. */
    @Test
    void decode_numbersThatAreMuchLongerInDecimalNotation_areRejected() throws InvalidRecordException {
        String many = "1e399,".repeat(50_000) + "1";

        assertThat(decodeError(with("\"action\":{\"a\":[" + many + "]}")))
                .isEqualTo(
                        "the record must not have numbers that together are 262144 digits longer in decimal notation");
        assertThat(decode(with("\"unknown\":[" + "1e399,".repeat(600) + ("9".repeat(399) + ",").repeat(5_000) + "1]"))
                        .unknown())
                .hasSize(1);
    }

    @Test
    void decode_nestingOver200Levels_isRejected() throws InvalidRecordException {
        String rule = "the record must not nest objects and arrays more than 200 levels deep";
        String parserRule = "the record has a string of more than 16777216 characters or more than 100000 levels";

        assertThat(decode(with("\"x\":" + "[".repeat(199) + "]".repeat(199))).unknown())
                .containsKey("x");
        assertThat(decodeError(with("\"x\":" + "[".repeat(200) + "]".repeat(200))))
                .isEqualTo(rule);
        assertThat(decodeError(with("\"action\":" + "{\"a\":".repeat(200) + "1" + "}".repeat(200))))
                .isEqualTo(rule);
        assertThat(decodeError(with("\"x\":" + "[".repeat(10_000) + "]".repeat(10_000))))
                .isEqualTo(rule);
        assertThat(decodeError(with("\"x\":" + "[".repeat(100_000) + "]".repeat(100_000))))
                .startsWith(parserRule);
        assertThat(decodeError("[".repeat(8_000_000))).startsWith(parserRule);
    }

    @Test
    void decode_stringOver16MiB_isRejected() {
        String rule = "the record has a string of more than 16777216 characters or more than 100000 levels";
        String text = "x".repeat(RecordCodec.MAX_STRING_LENGTH + 1);

        assertThat(decodeError(with("\"thinking\":\"" + text + "\""))).startsWith(rule);
        assertThat(decodeError(with("\"" + text + "\":1"))).startsWith(rule);
    }

    @Test
    void decode_manyCollidingKeys_takesLinearTime() {
        StringBuilder many = new StringBuilder("\"x\":{\"" + "k".repeat(10_000) + "\":1");
        for (int i = 0; i < 300_000; i++) {
            // "Aa" and "BB" have the same hash.
            many.append(",\"")
                    .append(Integer.toBinaryString(i).replace("0", "Aa").replace("1", "BB"))
                    .append("\":1");
        }

        // Takes one or two seconds, more under load. Quadratic time would be minutes.
        Step step = (Step) assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> decode(with(many.append("}").toString())));

        assertThat(step.unknown().hashCode()).isEqualTo(step.unknown().hashCode());
    }

    /** An agent's process may have a heap of 256 MB, and a record in its outbox up to 16 MiB. */
    @Test
    void decode_16MiBOfSmallObjects_fitsIntoAHeapOf256MB() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallObjects.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(output).isZero();
    }

    /** Decodes a record of 16 MiB with as many objects as possible. */
    static final class SmallObjects {
        private SmallObjects() {}

        public static void main(String[] arguments) throws InvalidRecordException {
            String objects = "{\"\":{\"\":0}},".repeat(16 * 1024 * 1024 / 12 - 100);
            Step step = (Step) decode(with("\"x\":[" + objects + "0]"));
            assertThat(step.unknown()).containsOnlyKeys("x");
        }
    }
}
