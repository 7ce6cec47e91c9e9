package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.phone.device.ScreenSize;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ViewportTest {
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pattern cannot be interrupted
    void parse_manyStarts_endsInTime() {
        assertThat(Viewport.parse("DisplayViewport{".repeat(200_000))).isNull();
    }

    @Test
    void parse_android9_readsViewport() {
        String dump = "  mViewports=[DisplayViewport{type=INTERNAL, valid=true, displayId=0,"
                + " uniqueId='local:19260309953136513', physicalPort=-127, orientation=0, logicalFrame=Rect(0, 0 - 1080,"
                + " 2248), physicalFrame=Rect(0, 0 - 1080, 2248), deviceWidth=1080, deviceHeight=2248}]";

        assertThat(Viewport.parse(dump)).isEqualTo(new Viewport(new ScreenSize(1080, 2248, 0), "19260309953136513"));
    }

    @Test
    void parse_android7_readsDefaultViewport() {
        String dump = "  mDefaultViewport=DisplayViewport{valid=true, displayId=0, orientation=1,"
                + " logicalFrame=Rect(0, 0 - 1920, 1080), physicalFrame=Rect(0, 0 - 1920, 1080), deviceWidth=1920,"
                + " deviceHeight=1080}\n  mExternalTouchViewport=DisplayViewport{valid=false, displayId=0,"
                + " orientation=0, logicalFrame=Rect(0, 0 - 0, 0), deviceWidth=0, deviceHeight=0}";

        assertThat(Viewport.parse(dump)).isEqualTo(new Viewport(new ScreenSize(1920, 1080, 1), null));
    }

    @Test
    void parse_foldable_choosesTheActiveMainDisplay() {
        String dump = viewport("false", 0, 9007199254740993L, 3, 1600, 2560)
                + viewport("true", 2, 7, 0, 720, 480)
                + viewport("true", 0, 4619827551948147201L, 1, 2092, 1840);

        assertThat(Viewport.parse(dump)).isEqualTo(new Viewport(new ScreenSize(2092, 1840, 1), "4619827551948147201"));
    }

    @Test
    void parse_noMainDisplay_returnsNull() {
        assertThat(Viewport.parse("")).isNull();
        assertThat(Viewport.parse("mViewports=[]")).isNull();
        assertThat(Viewport.parse(viewport("true", 2, 7, 0, 720, 480))).isNull();
    }

    @Property
    void parse_anySize_isRead(
            @ForAll @IntRange(min = 1, max = 9999) int width,
            @ForAll @IntRange(min = 1, max = 9999) int height,
            @ForAll @IntRange(max = 3) int rotation) {
        assertThat(Viewport.parse("x" + viewport("true", 0, 1, rotation, width, height)))
                .isEqualTo(new Viewport(new ScreenSize(width, height, rotation), "1"));
    }

    @Property
    void parse_anyText_doesNotFail(@ForAll String text) {
        assertThat(Viewport.parse("DisplayViewport{displayId=0, logicalFrame=Rect(" + text + "}"))
                .isNull();
    }

    private static String viewport(String active, int display, long id, int rotation, int width, int height) {
        return "DisplayViewport{type=INTERNAL, valid=true, isActive=" + active + ", displayId=" + display
                + ", uniqueId='local:" + id + "', physicalPort=0, orientation=" + rotation
                + ", logicalFrame=Rect(0, 0 - "
                + width + ", " + height + "), physicalFrame=Rect(0, 0 - " + width + ", " + height + ")}, ";
    }
}
