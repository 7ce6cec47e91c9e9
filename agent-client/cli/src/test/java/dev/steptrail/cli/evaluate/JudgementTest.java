package dev.steptrail.cli.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {
    @Test
    void verdictWithReason_isParsed_andOtherFieldsAreIgnored() throws EvaluationException {
        assertThat(parse(" {\"value\":\"fail\",\"reason\":\"没有照片\",\"model\":\"x\"}\n", "success"))
                .isEqualTo(new Judgement(Label.FAIL, "没有照片"));
        assertThat(parse("{\"value\":\"unclear\"}", "success")).isEqualTo(new Judgement(Label.UNCLEAR, null));
        assertThat(parse("{\"value\":\"pass\",\"reason\":\"\"}", "success")).isEqualTo(new Judgement(Label.PASS, null));
    }

    @Test
    void number_isAllowedForOtherNamesThanSuccess() throws EvaluationException {
        assertThat(parse("{\"value\":0.25,\"reason\":null}", "efficiency"))
                .isEqualTo(new Judgement(new Score(0.25), null));
        assertThatThrownBy(() -> parse("{\"value\":1}", "success"))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("the program printed a wrong verdict: value: must be pass, fail or unclear for the name"
                        + " success, but is 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                              | the program printed no verdict",
                "' \n'                           | the program printed no verdict",
                "PASS                            | the program printed no JSON object, but 'PASS'",
                "[1]                             | the program printed no JSON object, but '[1]'",
                "null                            | the program printed no JSON object, but 'null'",
                "{\"value\":\"pass\"             | the program printed no JSON object, but '{\"value\":\"pass\"'",
                "{} {}                           | the program printed no JSON object, but '{} {}'",
                "{}                              | the program printed a wrong verdict: value: must be pass, fail, unclear or a number, but is missing",
                "{\"value\":\"passed\"}          | the program printed a wrong verdict: value: must be pass, fail, unclear or a number, but is \"passed\"",
                "{\"value\":null}                | the program printed a wrong verdict: value: must be pass, fail, unclear or a number, but is null",
                "{\"value\":1e999}               | the program printed a wrong verdict: value: must be pass, fail, unclear or a number, but is \"Infinity\"",
                "{\"value\":\"pass\",\"reason\":1}| the program printed a wrong verdict: reason: must be a string, but is 1"
            })
    void wrongOutput_isNamed(String output, String reason) {
        assertThatThrownBy(() -> parse(output, "efficiency"))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(reason);
    }

    @Test
    void duplicateValue_isNotAVerdict() {
        assertThatThrownBy(() -> parse("{\"value\":\"pass\",\"value\":\"fail\"}", "success"))
                .hasMessageStartingWith("the program printed no JSON object");
    }

    @Test
    void lengthOfAReason_isInCodePoints() throws EvaluationException {
        String reason = "📷".repeat(10_000);

        assertThat(parse("{\"value\":\"pass\",\"reason\":\"" + reason + "\"}", "success")
                        .reason())
                .isEqualTo(reason);
    }

    @Test
    void longReason_isRejectedWithItsLength() {
        assertThatThrownBy(() -> parse("{\"value\":\"pass\",\"reason\":\"" + "x".repeat(10_001) + "\"}", "success"))
                .hasMessage("the program printed a wrong verdict: reason: must have at most 10000 characters, but has"
                        + " 10001");
    }

    @Property
    void anyReason_isKept(@ForAll @StringLength(min = 1, max = 100) String reason) throws EvaluationException {
        String text = new String(reason.getBytes(UTF_8), UTF_8); // without lone surrogates
        String json = JsonNodeFactory.instance
                .objectNode()
                .put("value", "pass")
                .put("reason", text)
                .toString();

        assertThat(parse(json, "success").reason()).isEqualTo(text);
    }

    @Property
    void anyBytes_areAVerdictOrOneShortLine(@ForAll @Size(max = 200) byte[] output) {
        try {
            assertThat(Judgement.parse(output, "success").value()).isNotNull();
        } catch (EvaluationException e) {
            assertThat(e.getMessage()).startsWith("the program printed ").hasSizeLessThan(200);
        }
    }

    private static Judgement parse(String output, String name) throws EvaluationException {
        return Judgement.parse(output.getBytes(UTF_8), name);
    }
}
