package dev.steptrail.demophone.internal.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.junit.jupiter.api.Test;

class TypefaceTest {
    /** Returns the outline at 100 pixels per em. */
    private static Path2D outline(String text, double x, double baseline) {
        return Typeface.outline(text, new Rectangle2D.Double(x, baseline - 100, 1, 125));
    }

    @Test
    void outline_ofTheNumberOneInChinese_isOneFlatStroke() {
        Rectangle2D stroke = outline("一", 0, 100).getBounds2D();

        assertThat(stroke.getWidth()).isBetween(80.0, 100.0);
        assertThat(stroke.getHeight()).isBetween(4.0, 15.0);
    }

    @Test
    void outline_ofZero_hasAHoleInItsMiddle() {
        Path2D zero = outline("0", 0, 100);
        Rectangle2D bounds = zero.getBounds2D();

        assertThat(zero.contains(bounds.getCenterX(), bounds.getCenterY())).isFalse();
        assertThat(zero.contains(bounds.getMinX() + 4, bounds.getCenterY())).isTrue();
    }

    @Test
    void outline_isOnItsBaseline() {
        Rectangle2D letter = outline("H", 30, 200).getBounds2D();

        assertThat(letter.getMaxY()).isEqualTo(200, within(0.5));
        assertThat(letter.getMinX()).isBetween(30.0, 45.0);
    }

    @Test
    void width_ofChinese_isAnEmACharacter() {
        assertThat(Typeface.width("媒体音量", 50)).isEqualTo(200, within(0.001));
        assertThat(Typeface.width("", 50)).isZero();
    }

    @Test
    void outline_ofAMissingCharacter_isTheMissingBox() {
        assertThat(outline("\uD83D\uDE00", 0, 100).getBounds2D().getWidth()).isPositive();
    }
}
