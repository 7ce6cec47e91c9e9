package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;

class EscapedLengthTest {
    @Property
    void bytesOfAText_takeWhatItsCharactersTake(
            @ForAll @Chars({'"', '\\', '\n', '\u0001', 'a', 'é', '相'}) String text) {
        byte[] utf8 = ("12" + text + "3").getBytes(StandardCharsets.UTF_8);

        assertThat(EscapedLength.of(utf8, 2, utf8.length - 1)).isEqualTo(EscapedLength.of(text));
    }
}
