package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DropCountsTest {
    @Test
    void whatIsCountedOfAPart_isCountedOfTheWhole() {
        DropCounts whole = new DropCounts();
        DropCounts part = new DropCounts(whole);
        part.add(DropReason.QUEUE_FULL);
        part.add(DropReason.QUEUE_FULL);
        whole.add(DropReason.NO_TASK);

        assertThat(part.byKey()).isEqualTo(Map.of("queue_full", 2L));
        assertThat(whole.byKey()).isEqualTo(Map.of("queue_full", 2L, "no_task", 1L));
        assertThat(whole.total()).isEqualTo(3);
    }

    @Test
    void whatWasNotDropped_isNotNamed() {
        assertThat(new DropCounts().byKey()).isEmpty();
    }
}
