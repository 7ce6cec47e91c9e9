package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CursorTest {
    @Property
    void whatWasEncoded_isDecoded(
            @ForAll @AlphaChars @StringLength(max = 20) String list, @ForAll int one, @ForAll long two) {
        List<String> key = Cursor.decode(list, Cursor.encode(list, one, two), parts -> parts);

        assertThat(key).containsExactly(String.valueOf(one), String.valueOf(two));
    }

    @Property
    void anythingElse_isRefused(@ForAll String forged) {
        refuses("steps.asc", forged);
    }

    @Property
    void aChangedCharacter_isRefusedOrIsAnotherCursorOfTheSameList(
            @ForAll @IntRange(min = 1) int number, @ForAll int place, @ForAll char character) {
        String cursor = Cursor.encode("steps.asc", number);
        int at = Math.floorMod(place, cursor.length());
        String changed = cursor.substring(0, at) + character + cursor.substring(at + 1);
        Assume.that(!changed.equals(cursor));

        try {
            Integer other = Cursor.decode("steps.asc", changed, StepsRoute::number);
            assertThat(Cursor.encode("steps.asc", other)).isEqualTo(changed);
        } catch (Problem refused) {
            assertThat(refused).hasMessageStartingWith("cursor: must be");
        }
    }

    @Test
    void aCursorOfAnotherOrder_isRefused() {
        refuses("steps.asc", Cursor.encode("steps.desc", 7));
    }

    private static void refuses(String list, String cursor) {
        assertThatThrownBy(() -> Cursor.decode(list, cursor, StepsRoute::number))
                .isInstanceOf(Problem.class)
                .hasMessage("cursor: must be the next_cursor of a page of this list in this order.");
    }
}
