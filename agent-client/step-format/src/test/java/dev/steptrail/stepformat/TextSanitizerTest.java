package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSanitizerTest {
    @ParameterizedTest
    @CsvSource({
        "\\ud800, \\u0000",
        "\\uDFFF, \\u0000",
        "x\\ud83d\\ude00y, x\\ud83d\\ude00y",
        "\\ud83d\\ud83d\\ude00, \\u0000\\ud83d\\ude00",
        "\\ude00\\ud83d, \\u0000\\u0000",
        "\\\\ud800, \\\\ud800",
        "\\\\\\ud800, \\\\\\u0000",
        "\\u00e9\\ud80, \\u00e9\\ud80",
        "\\ud800\\n, \\u0000\\n",
        "\\, \\"
    })
    void replaceLone_replacesOnlyUnpairedEscapes(String json, String expected) {
        assertThat(TextSanitizer.replaceLone(json)).isEqualTo(expected);
    }

    /** The time limit is far above linear time (30 ms here) and far below quadratic time (minutes). */
    @Test
    @Timeout(20)
    void replaceLone_takesLinearTime() {
        int escapes = 8 * 1024 * 1024 / "\\ud800".length();

        assertThat(TextSanitizer.replaceLone("\\ud800".repeat(escapes))).isEqualTo("\\u0000".repeat(escapes));
    }

    @Property
    void replaceLone_keepsLength_andIsIdempotent(@ForAll String json) {
        String replaced = TextSanitizer.replaceLone(json);

        assertThat(replaced).hasSameSizeAs(json);
        assertThat(TextSanitizer.replaceLone(replaced)).isEqualTo(replaced);
    }
}
