package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTruncatorTest {
    @Test
    void truncate_longText_doesNotSplitSurrogatePair() {
        assertThat(TextTruncator.truncate("ab📷", 4)).isEqualTo("ab📷");
        assertThat(TextTruncator.truncate("ab📷c", 4)).isEqualTo("ab📷");
        assertThat(TextTruncator.truncate("ab📷", 3)).isEqualTo("ab");
        assertThat(TextTruncator.truncate("ab📷", 2)).isEqualTo("ab");
    }
}
