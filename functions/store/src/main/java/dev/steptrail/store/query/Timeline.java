package dev.steptrail.store.query;

import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.TimelineSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Divides the steps of a task into at most {@value TaskSummary#MAX_SEGMENTS} segments of consecutive steps. All
 * segments except the last have the same number of steps. At the limit, each two neighbouring segments are merged. Not
 * thread-safe.
 */
public final class Timeline {
    private List<TimelineSegment> segments = new ArrayList<>();
    private int stepsPerSegment = 1;

    void add(StepMetrics step) {
        TimelineSegment added = segmentOf(step);
        int end = segments.size() - 1;
        if (end >= 0 && segments.get(end).steps() < stepsPerSegment) {
            segments.set(end, join(segments.get(end), added));
            return;
        }
        if (segments.size() == TaskSummary.MAX_SEGMENTS) {
            halve();
        }
        segments.add(added);
    }

    List<TimelineSegment> segments() {
        return List.copyOf(segments);
    }

    private void halve() {
        List<TimelineSegment> joined = new ArrayList<>(TaskSummary.MAX_SEGMENTS);
        for (int i = 0; i < segments.size(); i += 2) {
            joined.add(join(segments.get(i), segments.get(i + 1)));
        }
        segments = joined;
        stepsPerSegment *= 2;
    }

    private static TimelineSegment segmentOf(StepMetrics step) {
        return new TimelineSegment(
                step.stepNumber(),
                step.stepNumber(),
                1,
                step.hasFailed() ? 1 : 0,
                step.failed() == null ? 1 : 0,
                Instant.ofEpochMilli(step.endedAt()),
                step.durationMs(),
                step.stepType(),
                step.actionName());
    }

    private static TimelineSegment join(TimelineSegment first, TimelineSegment second) {
        return new TimelineSegment(
                first.firstStep(),
                second.lastStep(),
                first.steps() + second.steps(),
                first.errors() + second.errors(),
                first.unknown() + second.unknown(),
                first.at(),
                sum(first.durationMs(), second.durationMs()),
                same(first.stepType(), second.stepType()),
                same(first.action(), second.action()));
    }

    private static @Nullable Long sum(@Nullable Long first, @Nullable Long second) {
        return first == null ? second : second == null ? first : Long.valueOf(first + second);
    }

    private static @Nullable String same(@Nullable String first, @Nullable String second) {
        return Objects.equals(first, second) ? first : null;
    }
}
