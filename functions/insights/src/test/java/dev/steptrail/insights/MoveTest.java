package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoveTest {
    @ParameterizedTest
    @ValueSource(strings = {"499,842", "499,842,499,400", "0,0", "99999,1", "1,2,3", "100000,1", "微信", "", " 1,2"})
    void target_isUnchanged(String target) {
        assertThat(to(target).target()).isEqualTo(target);
        assertThat(to(target).isSimilar(to(target))).isTrue();
    }

    @Test
    void isLike_nearbyPlaces_isTrue() {
        assertThat(to("499,842").isSimilar(to("520,830"))).isTrue();
        assertThat(to("499,842").isSimilar(to("540,842"))).isFalse();
        assertThat(to("499,842").isSimilar(to("499,842,499,400"))).isFalse();
    }

    @Test
    void isLike_equalTargets_isTrue() {
        assertThat(to("微信").isSimilar(to("设置"))).isFalse();
        assertThat(to("").isSimilar(to("499,842"))).isFalse();
        assertThat(to("499,842").isSimilar(to("1,2,3"))).isFalse();
    }

    private static Move to(String target) {
        return new Move(1, "Tap", target, null);
    }
}
