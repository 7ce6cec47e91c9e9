package dev.steptrail.store.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.Move;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskMovesTest {
    @Test
    void moves_areParsedBackUnchanged() {
        List<Move> moves = List.of(
                new Move(1, "Launch", "微信", null), new Move(2, "Tap", "499,842", 3800L), new Move(5, "Back", "", 0L));

        assertThat(TaskMoves.parse(TaskMoves.toJson(moves)))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(moves);
        assertThat(TaskMoves.parse("[]")).isEmpty();
    }

    @Test
    void names_areInternedAcrossTasks() {
        String path = TaskMoves.toJson(List.of(new Move(1, "Tap", "499,842", 3800L)));

        Move ofOne = TaskMoves.parse(path).get(0);
        Move ofAnother = TaskMoves.parse(path).get(0);

        assertThat(ofOne.name()).isSameAs(ofAnother.name());
    }
}
