package dev.steptrail.store.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepRunTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);

    @Test
    void consecutiveNumbers_areOneRun_splitAtGapsAndTasks() {
        assertThat(StepRun.joined(Stream.of(
                        StepRun.of(ONE, 1),
                        StepRun.of(ONE, 2),
                        StepRun.of(ONE, 4),
                        StepRun.of(OTHER, 5),
                        StepRun.of(OTHER, 6))))
                .containsExactly(new StepRun(ONE, 1, 2), new StepRun(ONE, 4, 4), new StepRun(OTHER, 5, 6));
    }

    @Test
    void runsInAnyOrderWithRepetitions_areJoined() {
        UUID high = new UUID(-1L, 0); // behind all others in Postgres, before them in Java

        assertThat(StepRun.joined(Stream.of(
                        StepRun.of(high, 1),
                        StepRun.of(ONE, 3),
                        new StepRun(ONE, 1, 9),
                        StepRun.of(ONE, 3),
                        StepRun.of(ONE, 10))))
                .containsExactly(new StepRun(ONE, 1, 10), StepRun.of(high, 1));
    }

    @Test
    void highestNumber_doesNotOverflow() {
        assertThat(StepRun.joined(Stream.of(StepRun.of(ONE, Integer.MAX_VALUE), StepRun.of(ONE, 1))))
                .containsExactly(StepRun.of(ONE, 1), StepRun.of(ONE, Integer.MAX_VALUE));
    }
}
