package dev.steptrail.demophone.internal.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class TextBlockTest {
    private static final TextStyle STYLE = new TextStyle(10, Weight.REGULAR, Color.BLACK);

    @Test
    void lines_breakWhereTheWidthEndsAndAtEachNewline() {
        assertThat(TextBlock.lines("一二三四五\n六", 30, STYLE)).containsExactly("一二三", "四五", "六");
    }

    @Test
    void lines_ofNothing_areOneEmptyLine() {
        assertThat(TextBlock.lines("", 30, STYLE)).containsExactly("");
    }

    @Test
    void lines_keepACharacterThatIsWiderThanTheLine() {
        assertThat(TextBlock.lines("一二", 5, STYLE)).containsExactly("一", "二");
    }

    @Test
    void cut_ofTextThatFits_changesNothing() {
        assertThat(TextBlock.cut("一二三", 30, STYLE)).isEqualTo("一二三");
    }

    @Test
    void cut_ofLongText_endsInAnEllipsisWithinTheWidth() {
        String cut = TextBlock.cut("一二三四五", 40, STYLE);

        assertThat(cut).startsWith("一二").endsWith("…");
        assertThat(STYLE.width(cut)).isLessThanOrEqualTo(40);
    }
}
