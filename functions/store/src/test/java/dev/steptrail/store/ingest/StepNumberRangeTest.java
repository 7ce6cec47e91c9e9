package dev.steptrail.store.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepNumberRangeTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);

    @Test
    void consecutiveNumbers_areOneRange_splitAtGapsAndTasks() {
        assertThat(StepNumberRange.join(Stream.of(
                        StepNumberRange.of(ONE, 1),
                        StepNumberRange.of(ONE, 2),
                        StepNumberRange.of(ONE, 4),
                        StepNumberRange.of(OTHER, 5),
                        StepNumberRange.of(OTHER, 6))))
                .containsExactly(
                        new StepNumberRange(ONE, 1, 2),
                        new StepNumberRange(ONE, 4, 4),
                        new StepNumberRange(OTHER, 5, 6));
    }

    @Test
    void rangesInAnyOrderWithRepetitions_areJoined() {
        UUID high = new UUID(-1L, 0); // behind all others in Postgres, before them in Java

        assertThat(StepNumberRange.join(Stream.of(
                        StepNumberRange.of(high, 1),
                        StepNumberRange.of(ONE, 3),
                        new StepNumberRange(ONE, 1, 9),
                        StepNumberRange.of(ONE, 3),
                        StepNumberRange.of(ONE, 10))))
                .containsExactly(new StepNumberRange(ONE, 1, 10), StepNumberRange.of(high, 1));
    }

    @Test
    void highestNumber_doesNotOverflow() {
        assertThat(StepNumberRange.join(
                        Stream.of(StepNumberRange.of(ONE, Integer.MAX_VALUE), StepNumberRange.of(ONE, 1))))
                .containsExactly(StepNumberRange.of(ONE, 1), StepNumberRange.of(ONE, Integer.MAX_VALUE));
    }
}
