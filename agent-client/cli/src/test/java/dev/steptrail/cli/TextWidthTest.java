package dev.steptrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextWidthTest {
    @Test
    void aChineseCharacter_takesTwoColumns_andAnAccentNone() {
        assertThat(TextWidth.of("volume")).isEqualTo(6);
        assertThat(TextWidth.of("音量，（大）")).isEqualTo(12);
        assertThat(TextWidth.of("한글カナ")).isEqualTo(8);
        assertThat(TextWidth.of("e\u0301\ud83d\udcf7")).isEqualTo(3);
        assertThat(TextWidth.of("ﾊﾝ…é")).isEqualTo(4);
    }

    @Test
    void whatIsTooLong_isCutBeforeTheCharacterThatDoesNotFit() {
        assertThat(TextWidth.cut("把音量调大", 10)).isEqualTo("把音量调大");
        assertThat(TextWidth.cut("把音量调大", 9)).isEqualTo("把音量调…");
        assertThat(TextWidth.cut("把音量调大", 8)).isEqualTo("把音量…");
        assertThat(TextWidth.cut("\ud83d\udcf7\ud83d\udcf7", 3)).isEqualTo("\ud83d\udcf7…");
        assertThat(TextWidth.cut("abc", 0)).isEqualTo("…");
    }
}
