package dev.steptrail.stepformat;

import static dev.steptrail.stepformat.DecodeErrors.DIGITS_RULE;
import static dev.steptrail.stepformat.DecodeErrors.decode;
import static dev.steptrail.stepformat.DecodeErrors.refusal;
import static dev.steptrail.stepformat.DecodeErrors.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is too large, too deep or too long, however little a sender needs to write for it. */
class RecordLimitsTest {
    @ParameterizedTest
    @CsvSource({"1e401", "-1e999999999", "1e99999999999", "1e-401", "1e-999999999", "0e999999999"})
    void number_thatWouldGrowWhenWrittenOut_isRefusedWhereverItStands(String number) {
        assertThat(refusal(with("\"action\":{\"x\":[" + number + "]}"))).isEqualTo(DIGITS_RULE);
        assertThat(refusal(with("\"unknown\":" + number))).isEqualTo(DIGITS_RULE);
        assertThat(refusal(with("\"duration_ms\":" + number))).isEqualTo(DIGITS_RULE);
    }

    @Test
    void number_ofMoreDigitsThanAnybodyNeeds_isRefused() throws InvalidRecordException {
        assertThat(refusal(with("\"unknown\":" + "9".repeat(401)))).isEqualTo(DIGITS_RULE);
        assertThat(refusal(with("\"unknown\":" + "9".repeat(5_000_000)))).isEqualTo(DIGITS_RULE);
        assertThat(refusal(with("\"unknown\":0." + "0".repeat(1_000_000) + "1")))
                .isEqualTo(DIGITS_RULE);
        assertThat(decode(with("\"unknown\":[1e399,1e-400," + "9".repeat(399) + "]"))
                        .unknown())
                .hasSize(1);
    }

    @Test
    void nesting_ofMoreThan200Levels_isRefused() throws InvalidRecordException {
        String rule = "the record: must not nest objects and arrays more than 200 levels deep";
        String parserRule = "the record: has a string of more than 16777216 characters or more than 100000 levels";

        assertThat(decode(with("\"x\":" + "[".repeat(199) + "]".repeat(199))).unknown())
                .containsKey("x");
        assertThat(refusal(with("\"x\":" + "[".repeat(200) + "]".repeat(200)))).isEqualTo(rule);
        assertThat(refusal(with("\"action\":" + "{\"a\":".repeat(200) + "1" + "}".repeat(200))))
                .isEqualTo(rule);
        assertThat(refusal(with("\"x\":" + "[".repeat(10_000) + "]".repeat(10_000))))
                .isEqualTo(rule);
        assertThat(refusal(with("\"x\":" + "[".repeat(100_000) + "]".repeat(100_000))))
                .startsWith(parserRule);
        assertThat(refusal("[".repeat(8_000_000))).startsWith(parserRule);
    }

    @Test
    void string_ofMoreThan16MiB_isRefused() {
        String rule = "the record: has a string of more than 16777216 characters or more than 100000 levels";
        String text = "x".repeat(RecordCodec.MAX_STRING_LENGTH + 1);

        assertThat(refusal(with("\"thinking\":\"" + text + "\""))).startsWith(rule);
        assertThat(refusal(with("\"" + text + "\":1"))).startsWith(rule);
    }

    @Test
    void keys_longOrMany_areReadInTimeThatGrowsWithTheirLength() {
        StringBuilder many = new StringBuilder("\"x\":{\"" + "k".repeat(10_000) + "\":1");
        for (int i = 0; i < 300_000; i++) {
            // "Aa" and "BB" have the same hash.
            many.append(",\"")
                    .append(Integer.toBinaryString(i).replace("0", "Aa").replace("1", "BB"))
                    .append("\":1");
        }

        // One or two seconds alone, some more beside other builds; in time that grows with the square, minutes.
        Step step = (Step) assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> decode(with(many.append("}").toString())));

        assertThat(step.unknown().hashCode()).isEqualTo(step.unknown().hashCode());
    }
}
