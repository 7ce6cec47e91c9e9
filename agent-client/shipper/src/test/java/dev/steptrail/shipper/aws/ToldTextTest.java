package dev.steptrail.shipper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldTextTest {
    @Test
    void line_isOneLine_thatSteersNothing() {
        assertThat(ToldText.line("a\nb\r\u001b[2J\u202ec\u2028d\ud800e", 100)).isEqualTo("a?b??[2J?c?d?e");
        assertThat(ToldText.line("截图 📱", 100)).isEqualTo("截图 📱");
    }

    @Test
    void line_thatIsTooLong_isCut_andSoMarked() {
        assertThat(ToldText.line("12345", 5)).isEqualTo("12345");
        assertThat(ToldText.line("123456", 5)).isEqualTo("1234…");
        assertThat(ToldText.line("123📱456", 5)).isEqualTo("123?…");
    }

    @Test
    void refusal_keepsOfALongAnswer_whatALineCanTell() {
        AwsRefusal refusal = new AwsRefusal(400, "C".repeat(10_000), "one\ntwo" + "x".repeat(1_000_000));

        assertThat(refusal.code()).hasSize(100);
        assertThat(refusal.told()).hasSize(500).startsWith("one?two");
    }
}
