package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BeginningTest {
    @Test
    void textThatIsTooLong_endsBeforeACharacterThatWouldBeParted() {
        assertThat(Beginning.of("ab📷", 4)).isEqualTo("ab📷");
        assertThat(Beginning.of("ab📷c", 4)).isEqualTo("ab📷");
        assertThat(Beginning.of("ab📷", 3)).isEqualTo("ab");
        assertThat(Beginning.of("ab📷", 2)).isEqualTo("ab");
    }
}
