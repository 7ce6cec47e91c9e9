package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {
    @Test
    void oneLine_controlCharacters_areReplaced() {
        assertThat(PrintableText.toOneLine("a\nb\r\u001b[2J\u202ec\u2028d\ud800e", 100))
                .isEqualTo("a?b??[2J?c?d?e");
        assertThat(PrintableText.toOneLine("截图 📱", 100)).isEqualTo("截图 📱");
    }

    @Test
    void oneLine_longText_isTruncatedWithEllipsis() {
        assertThat(PrintableText.toOneLine("12345", 5)).isEqualTo("12345");
        assertThat(PrintableText.toOneLine("123456", 5)).isEqualTo("1234…");
        assertThat(PrintableText.toOneLine("123📱456", 5)).isEqualTo("123?…");
    }
}
