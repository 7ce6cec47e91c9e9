package dev.steptrail.demophone.internal.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final double SIZE = 10;

    @Test
    void lines_breakWhereTheWidthEndsAndAtEachNewline() {
        assertThat(Layout.lines("一二三四五\n六", 30, SIZE)).containsExactly("一二三", "四五", "六");
        assertThat(Layout.lines("", 30, SIZE)).containsExactly("");
        assertThat(Layout.lines("一二", 5, SIZE)).as("wider than the line").containsExactly("一", "二");
    }

    @Test
    void cut_ofLongText_endsInAnEllipsisWithinTheWidth() {
        assertThat(Layout.cut("一二三", 30, SIZE)).isEqualTo("一二三");

        String cut = Layout.cut("一二三四五", 40, SIZE);

        assertThat(cut).startsWith("一二").endsWith("…");
        assertThat(Typeface.width(cut, SIZE)).isLessThanOrEqualTo(40);
    }
}
