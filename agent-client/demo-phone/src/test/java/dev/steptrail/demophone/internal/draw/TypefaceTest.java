package dev.steptrail.demophone.internal.draw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.junit.jupiter.api.Test;

class TypefaceTest {
    private final Typeface regular = Typeface.of(Weight.REGULAR);

    @Test
    void outline_ofTheNumberOneInChinese_isOneFlatStroke() {
        Rectangle2D stroke = regular.outline("一", 100, 0, 100).getBounds2D();

        assertThat(stroke.getWidth()).isBetween(80.0, 100.0);
        assertThat(stroke.getHeight()).isBetween(4.0, 15.0);
    }

    @Test
    void outline_ofZero_hasAHoleInItsMiddle() {
        Path2D zero = regular.outline("0", 100, 0, 100);
        Rectangle2D bounds = zero.getBounds2D();

        assertThat(zero.contains(bounds.getCenterX(), bounds.getCenterY())).isFalse();
        assertThat(zero.contains(bounds.getMinX() + 4, bounds.getCenterY())).isTrue();
    }

    @Test
    void outline_isOnItsBaseline() {
        Rectangle2D letter = regular.outline("H", 100, 30, 200).getBounds2D();

        assertThat(letter.getMaxY()).isEqualTo(200, within(0.5));
        assertThat(letter.getMinX()).isBetween(30.0, 45.0);
    }

    @Test
    void width_ofChinese_isAnEmACharacter() {
        assertThat(regular.width("媒体音量", 50)).isEqualTo(200, within(0.001));
    }

    @Test
    void width_ofNothing_isZero() {
        assertThat(regular.width("", 50)).isZero();
    }

    @Test
    void outline_ofBold_coversMoreThanRegular() {
        Rectangle2D thin = regular.outline("一", 100, 0, 100).getBounds2D();
        Rectangle2D thick = Typeface.of(Weight.BOLD).outline("一", 100, 0, 100).getBounds2D();

        assertThat(thick.getHeight()).isGreaterThan(thin.getHeight() * 1.3);
    }

    @Test
    void outline_ofAMissingCharacter_isTheMissingBox() {
        assertThat(regular.outline("\uD83D\uDE00", 100, 0, 100).getBounds2D().getWidth())
                .isPositive();
    }
}
