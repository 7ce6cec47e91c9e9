package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizedTextTest {
    /** The length of an error, at which quadratic time would exceed the limit a hundredfold. */
    private static final int LONG = 8 * 1024;

    /** The maximum number of times that a character may be read. */
    private static final long MAX_READS = 60;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "device 12 offline|device # offline",
                "timeout after 3.5 s|timeout after # s",
                "no node 'Send' in 7f3a9c01d2b4e5f6|no node … in #",
                "no node “发送”|no node …",
                "App not found: 相机|App not found: 相机",
                "  a\tb  |a b",
                "Couldn't find element 'Send'|Couldn't find element …",
                "Couldn't find element 'Cancel'|Couldn't find element …",
                "Can't launch 'WeChat': it isn't installed|Can't launch …: it isn't installed",
                "no node 'What's new'|no node …",
                "找不到'发送'按钮|找不到…按钮",
                "task 0190163d-8694-739b-aea5-966c26f8ad91: bad face|task #: bad face",
                "v1.2.3 at 10:30|v# at #",
            })
    void errorText_ignoresNumbersIdsAndNames(String error, String alike) {
        assertThat(ErrorText.normalize(error)).isEqualTo(alike);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Take a  Picture.|take a picture", "拍一张照片。|拍一张照片", "ＡＢＣ ！|abc", "7:30|7:30"})
    void taskText_ignoresSpacesCaseWidthAndTheEnd(String text, String alike) {
        assertThat(InstructionText.normalize(text)).isEqualTo(alike);
    }

    @Property
    void normalize_ofAnyText_isTruncatedAndIdempotent(@ForAll String text) {
        assertThat(InstructionText.normalize(text)
                        .codePointCount(0, InstructionText.normalize(text).length()))
                .isLessThanOrEqualTo(200);
        assertThat(ErrorText.normalize(text)
                        .codePointCount(0, ErrorText.normalize(text).length()))
                .isLessThanOrEqualTo(200);
        assertThat(InstructionText.normalize(text)).isEqualTo(InstructionText.normalize(" " + text));
        assertThat(InstructionText.normalize(InstructionText.normalize(text)))
                .isEqualTo(InstructionText.normalize(text));
    }

    @Test
    void of_returnsTheDescription_orTheNameIfThatIsEmpty() {
        assertThat(InstructionText.from("Take a picture", "camera")).isEqualTo("take a picture");
        assertThat(InstructionText.from(" \u0007\n ", "Camera")).isEqualTo("camera");
        assertThat(InstructionText.from(null, null)).isEmpty();
    }

    @Property
    void normalize_ofLongTextsWithACommonPrefix_differs(
            @ForAll @IntRange(min = 180, max = 210) int length, @ForAll @CharRange(from = ' ', to = '?') char next) {
        String begin = "a".repeat(length) + next;

        String alike = InstructionText.normalize(begin + "order pizza");

        assertThat(alike).isNotEqualTo(InstructionText.normalize(begin + "delete all photos"));
        assertThat(InstructionText.normalize(alike)).isEqualTo(alike);
    }

    @Test
    void normalize_ofManyTrailingCharacters_takesLinearTime() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> InstructionText.normalize("!".repeat(256 * 1024) + "x" + "?".repeat(256 * 1024)));
    }

    @Property(tries = 300)
    void patterns_onRepetitiveText_takeLinearTime(
            @ForAll
                    @Chars({'\'', '"', '`', '“', '”', '「', '」', '1', 'a', 'g', '-', '.', ' ', '\n', '\u0301', '字'})
                    @StringLength(min = 1, max = 12)
                    String piece) {
        String text = piece.repeat(LONG / piece.length());

        assertThat(ErrorText.normalize(text)).isNotNull();
        for (Pattern pattern : List.of(ErrorText.QUOTED, ErrorText.HEXADECIMAL, ErrorText.NUMBER, ErrorText.BLANK)) {
            Counted counted = new Counted(text);
            pattern.matcher(counted).results().count();
            assertThat(counted.read).as(pattern.pattern()).isLessThan(MAX_READS * LONG);
        }
    }

    /** Counts how many characters are read. */
    private static final class Counted implements CharSequence {
        private final String text;
        private long read;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            read++;
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
