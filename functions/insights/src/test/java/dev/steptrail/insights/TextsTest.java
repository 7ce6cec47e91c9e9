package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device 12 offline|device # offline",
                "timeout after 3.5 s|timeout after # s",
                "no node 'Send' in 7f3a9c01d2b4e5f6|no node … in #",
                "no node “发送”|no node …",
                "App not found: 相机|App not found: 相机",
                "  a\tb  |a b",
            })
    void errors_areAlike_butForNumbersIdsAndNames(String error, String alike) {
        assertThat(ErrorText.alike(error)).isEqualTo(alike);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Take a  Picture.|take a picture", "拍一张照片。|拍一张照片", "ＡＢＣ ！|abc", "7:30|7:30"})
    void tasks_areAlike_butForSpacesCapitalsWidthAndTheEnd(String text, String alike) {
        assertThat(TaskText.alike(text)).isEqualTo(alike);
    }

    @Property
    void whatever_isCut_andAlikeToItself(@ForAll String text) {
        assertThat(TaskText.alike(text).codePointCount(0, TaskText.alike(text).length()))
                .isLessThanOrEqualTo(200);
        assertThat(ErrorText.alike(text).codePointCount(0, ErrorText.alike(text).length()))
                .isLessThanOrEqualTo(200);
        assertThat(TaskText.alike(text)).isEqualTo(TaskText.alike(" " + text));
        assertThat(TaskText.alike(TaskText.alike(text))).isEqualTo(TaskText.alike(text));
    }

    @Test
    void whatWasAsked_isTheDescription_orTheNameWhereThatSaysNothing() {
        assertThat(TaskText.of("Take a picture", "camera")).isEqualTo("take a picture");
        assertThat(TaskText.of(" \u0007\n ", "Camera")).isEqualTo("camera");
        assertThat(TaskText.of(null, null)).isEmpty();
    }

    @Property
    void aLongTask_isAlikeToItself_andToNoOtherThatBeginsAsItDoes(
            @ForAll @IntRange(min = 180, max = 210) int length, @ForAll @CharRange(from = ' ', to = '?') char next) {
        String begin = "a".repeat(length) + next;

        String alike = TaskText.alike(begin + "order pizza");

        assertThat(alike).isNotEqualTo(TaskText.alike(begin + "delete all photos"));
        assertThat(TaskText.alike(alike)).isEqualTo(alike);
    }

    @Test
    void aTaskOfManyEndings_takesNoLongerThanItsLength() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> TaskText.alike("!".repeat(256 * 1024) + "x" + "?".repeat(256 * 1024)));
    }
}
