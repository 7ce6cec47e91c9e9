package dev.steptrail.store.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.Move;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovesJsonTest {
    @Test
    void moves_comeBack_asTheyWentIn() {
        List<Move> moves = List.of(
                new Move(1, "Launch", "微信", null), new Move(2, "Tap", "499,842", 3800L), new Move(5, "Back", "", 0L));

        assertThat(MovesJson.read(MovesJson.of(moves)))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(moves);
        assertThat(MovesJson.read("[]")).isEmpty();
    }

    @Test
    void aName_isOneString_inWhateverRunItStands() {
        String path = MovesJson.of(List.of(new Move(1, "Tap", "499,842", 3800L)));

        Move ofOne = MovesJson.read(path).get(0);
        Move ofAnother = MovesJson.read(path).get(0);

        assertThat(ofOne.name()).isSameAs(ofAnother.name());
    }
}
