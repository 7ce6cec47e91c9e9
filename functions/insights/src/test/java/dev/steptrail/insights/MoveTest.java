package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoveTest {
    @ParameterizedTest
    @ValueSource(strings = {"499,842", "499,842,499,400", "0,0", "99999,1", "1,2,3", "100000,1", "微信", "", " 1,2"})
    void target_isUnchanged(String target) {
        assertThat(to(target).target()).isEqualTo(target);
        assertThat(to(target).isSimilar(to(target))).isTrue();
    }

    private static Move to(String target) {
        return new Move(1, "Tap", target, null);
    }
}
