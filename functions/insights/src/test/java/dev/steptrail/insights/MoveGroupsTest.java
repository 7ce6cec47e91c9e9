package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MoveGroupsTest {
    private static Move move(String name, String target) {
        return new Move(1, name, target, null);
    }

    @Test
    void leader_ofAnotherNameOrTarget_differs() {
        MoveGroups alike = new MoveGroups();
        Move tap = move("Tap", "500,500");
        Move launch = move("Launch", "shop");

        assertThat(alike.leader(tap)).isSameAs(tap);
        assertThat(alike.leader(launch)).isSameAs(launch);
        assertThat(alike.leader(move("Tap", "540,460"))).isSameAs(tap);
        assertThat(alike.leader(move("Launch", "shop"))).isSameAs(launch);
        for (Move other : List.of(
                move("Tap", "541,500"),
                move("Long Press", "500,500"),
                move("Tap", "500,500,500,500"),
                move("Launch", "chat"),
                move("Launch", ""))) {
            assertThat(alike.leader(other)).isSameAs(other);
        }
    }

    /** Otherwise a single touch next to a button would attract half of the touches that meant the button. */
    @Test
    void leader_ofAMoveSimilarToTwo_isTheNearer() {
        MoveGroups alike = new MoveGroups();
        Move beside = move("Tap", "500,460");
        Move button = move("Tap", "500,501");
        alike.leader(beside);
        alike.leader(button);

        assertThat(alike.leader(move("Tap", "500,490"))).isSameAs(button);
        assertThat(alike.leader(move("Tap", "500,470"))).isSameAs(beside);
    }

    @Test
    void leader_afterFiveThousand_isFoundForKnownMovesOnly() {
        MoveGroups alike = new MoveGroups();
        Move first = move("Open", "0");
        alike.leader(first);
        for (int i = 1; i < 5_000; i++) {
            alike.leader(move("Open", "" + i));
        }

        assertThat(alike.leader(move("Open", "5000"))).isNull();
        assertThat(alike.leader(move("Open", "0"))).isSameAs(first);
    }

    /** Compares with a search of all leaders. */
    @Property
    void leader_isSimilar_andNoTwoLeadersAre(@ForAll @Size(max = 60) List<@IntRange(max = 400) Integer> places) {
        MoveGroups alike = new MoveGroups();
        List<Move> leaders = new ArrayList<>();
        for (int place : places) {
            Move move = move("Tap", place + "," + (400 - place));
            Move leader = alike.leader(move);
            if (leader == move) {
                assertThat(leaders).noneMatch(move::isSimilar);
                leaders.add(move);
            } else {
                assertThat(leaders).contains(leader);
                assertThat(move.isSimilar(leader)).isTrue();
            }
        }
    }
}
