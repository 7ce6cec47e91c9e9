package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AlikeMovesTest {
    private static Move move(String name, String target) {
        return new Move(1, name, target, null);
    }

    @Test
    void movesOfAnotherNameOrTarget_areOthers() {
        AlikeMoves alike = new AlikeMoves();
        Move tap = move("Tap", "500,500");
        Move launch = move("Launch", "shop");

        assertThat(alike.first(tap)).isSameAs(tap);
        assertThat(alike.first(launch)).isSameAs(launch);
        assertThat(alike.first(move("Tap", "540,460"))).isSameAs(tap);
        assertThat(alike.first(move("Launch", "shop"))).isSameAs(launch);
        for (Move other : List.of(
                move("Tap", "541,500"),
                move("Long Press", "500,500"),
                move("Tap", "500,500,500,500"),
                move("Launch", "chat"),
                move("Launch", ""))) {
            assertThat(alike.first(other)).isSameAs(other);
        }
    }

    @Test
    void beyondFiveThousand_noneIsTold_butThoseThatAreKnown() {
        AlikeMoves alike = new AlikeMoves();
        Move first = move("Open", "0");
        alike.first(first);
        for (int i = 1; i < 5_000; i++) {
            alike.first(move("Open", "" + i));
        }

        assertThat(alike.first(move("Open", "5000"))).isNull();
        assertThat(alike.first(move("Open", "0"))).isSameAs(first);
    }

    /** As if each were compared with each that stands for others. */
    @Property
    void eachStandsForThoseLikeIt_andIsLikeNoOtherThatDoes(
            @ForAll @Size(max = 60) List<@IntRange(max = 400) Integer> places) {
        AlikeMoves alike = new AlikeMoves();
        List<Move> firsts = new ArrayList<>();
        for (int place : places) {
            Move move = move("Tap", place + "," + (400 - place));
            Move first = alike.first(move);
            if (first == move) {
                assertThat(firsts).noneMatch(move::isLike);
                firsts.add(move);
            } else {
                assertThat(firsts).contains(first);
                assertThat(move.isLike(first)).isTrue();
            }
        }
    }
}
