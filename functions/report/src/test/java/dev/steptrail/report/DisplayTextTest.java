package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayTextTest {
    @Test
    void name_ofANamedTask_isItsName() {
        assertThat(named("camera", "Take a picture")).isEqualTo("camera");
    }

    @Test
    void name_ofATaskWithoutName_isTheFirstLineOfItsDescription() {
        assertThat(named(null, "\n  打开相机，拍一张照片 \r\nThen go home")).isEqualTo("打开相机，拍一张照片");
        assertThat(named(" ", "Take a picture")).isEqualTo("Take a picture");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " \n\t"})
    void name_ofATaskWithoutNameAndDescription_isItsId(String description) {
        assertThat(named(null, description)).isEqualTo(TestSteps.TASK.toString());
    }

    @Test
    void name_ofALongLine_isTruncatedAfterAWord_orAnywhereInChinese() {
        assertThat(named(null, "word ".repeat(40))).isEqualTo("word ".repeat(15) + "word…");
        assertThat(named(null, "拍".repeat(200))).isEqualTo("拍".repeat(79) + "…");
        assertThat(named(null, "x".repeat(78) + "📷".repeat(9))).isEqualTo("x".repeat(78) + "…");
        assertThat(named(null, "拍".repeat(80))).isEqualTo("拍".repeat(80));
    }

    private static String named(String name, String description) {
        return DisplayText.name(TestSteps.task(name, description, 1));
    }
}
