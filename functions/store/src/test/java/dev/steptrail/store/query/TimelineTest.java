package dev.steptrail.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.TimelineSegment;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TimelineTest {
    @Test
    void shortTask_hasOneSegmentPerStep() {
        assertThat(timeline(2))
                .containsExactly(
                        new TimelineSegment(1, 1, 1, 0, 0, Instant.ofEpochSecond(1), 10L, "action", "Tap"),
                        new TimelineSegment(2, 2, 1, 1, 0, Instant.ofEpochSecond(2), 10L, "error", null));
    }

    @Property(tries = 200)
    void everyStep_isInExactlyOneSegment_withinTheLimit(@ForAll @IntRange(min = 0, max = 3000) int steps) {
        List<TimelineSegment> timeline = timeline(steps);

        assertThat(timeline).hasSizeLessThanOrEqualTo(TaskSummary.MAX_SEGMENTS);
        assertThat(timeline.stream().mapToInt(TimelineSegment::steps).sum()).isEqualTo(steps);
        assertThat(timeline.stream().mapToInt(TimelineSegment::errors).sum()).isEqualTo(steps / 2);
        int next = 1;
        for (TimelineSegment segment : timeline) {
            assertThat(segment.firstStep()).isEqualTo(next);
            next = segment.lastStep() + 1;
            assertThat(segment.steps()).isEqualTo(next - segment.firstStep());
            assertThat(segment.durationMs()).isEqualTo(10L * segment.steps());
            assertThat(segment.stepType())
                    .isEqualTo(segment.steps() > 1 ? null : segment.errors() == 1 ? "error" : "action");
        }
        assertThat(next).isEqualTo(steps + 1);
    }

    private static List<TimelineSegment> timeline(int steps) {
        Timeline timeline = new Timeline();
        for (int number = 1; number <= steps; number++) {
            boolean fails = number % 2 == 0;
            timeline.add(new StepMetrics(
                    number,
                    fails ? "error" : "action",
                    fails ? null : "Tap",
                    null,
                    null,
                    number * 1000L,
                    10L,
                    null,
                    fails,
                    null,
                    false,
                    false));
        }
        return timeline.segments();
    }
}
