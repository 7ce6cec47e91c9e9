package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorCodecTest {
    private static final CursorCodec<Integer> STEPS = CursorCodec.forStepNumbers("steps.asc");

    @Property
    void cursor_decodesToItsKey(
            @ForAll @AlphaChars @StringLength(max = 20) String list,
            @ForAll @IntRange(min = 1) int number,
            @ForAll @LongRange(min = 1) long id) {
        assertThat(CursorCodec.forStepNumbers(list)
                        .decode(CursorCodec.forStepNumbers(list).encode(number)))
                .isEqualTo(number);
        assertThat(CursorCodec.forIds(list).decode(CursorCodec.forIds(list).encode(id)))
                .isEqualTo(id);
    }

    @Property
    void otherText_isRejected(@ForAll String forged) {
        assertRejected(STEPS, forged);
    }

    @Property
    void changedCharacter_isRejectedOrIsAnotherCursorOfTheSameList(
            @ForAll @IntRange(min = 1) int number, @ForAll int place, @ForAll char character) {
        String cursor = STEPS.encode(number);
        int at = Math.floorMod(place, cursor.length());
        String changed = cursor.substring(0, at) + character + cursor.substring(at + 1);
        Assume.that(!changed.equals(cursor));

        try {
            assertThat(STEPS.encode(STEPS.decode(changed))).isEqualTo(changed);
        } catch (Problem expected) {
            assertThat(expected).hasMessageStartingWith("cursor: must be");
        }
    }

    @Property
    void keyInAnotherSpelling_orWithATrailingPart_isRejected(
            @ForAll @IntRange(min = 1) int number, @ForAll @StringLength(max = 5) String more) {
        assertRejected(STEPS, ForgedCursor.of("steps.asc", "+" + number));
        assertRejected(STEPS, ForgedCursor.of("steps.asc", "0" + number));
        assertRejected(STEPS, ForgedCursor.of("steps.asc", -number));
        assertRejected(STEPS, ForgedCursor.of("steps.asc", number, more));
        assertRejected(CursorCodec.forIds("rejected.desc"), ForgedCursor.of("rejected.desc", -number));
        assertRejected(CursorCodec.forIds("rejected.desc"), ForgedCursor.of("rejected.desc", number, more));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tasks.desc|2026-03-01T10:00:00Z|1-1-1-1-1",
                "tasks.desc|2026-03-01T10:00:00Z|0190163D-8694-739B-AEA5-966C26F8AD91",
                "tasks.desc|2026-03-01T10:00:00Z|0190163d-8694-739b-aea5-966c26f8ad91|junk",
                "tasks.desc|2026-03-01T10:00:00.0Z|0190163d-8694-739b-aea5-966c26f8ad91",
                "tasks.desc|2026-03-01T10:00:00.123456789Z|0190163d-8694-739b-aea5-966c26f8ad91",
                "tasks.desc|2026-03-01T12:00:00+02:00|0190163d-8694-739b-aea5-966c26f8ad91",
                "tasks.desc|+999999999-12-31T23:59:59Z|0190163d-8694-739b-aea5-966c26f8ad91",
                "audit.desc|2026-03-01T10:00:00Z|+5",
                "audit.desc|2026-03-01T10:00:00Z|0",
                "audit.desc|2026-03-01T10:00:00Z|5|junk",
                "steps.desc|7"
            })
    void invalidKey_orCursorOfAnotherOrder_isRejected(String text) {
        for (CursorCodec<?> cursors : List.of(TaskRoutes.CURSORS, AuditRoute.CURSORS, STEPS)) {
            assertRejected(cursors, ForgedCursor.of(text));
        }
    }

    private static void assertRejected(CursorCodec<?> cursors, String cursor) {
        assertThatThrownBy(() -> cursors.decode(cursor))
                .isInstanceOf(Problem.class)
                .hasMessage("cursor: must be a next_cursor of this list in the same order.");
    }
}
