package dev.steptrail.store.query;

import dev.steptrail.store.model.TaskSummary.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Divides the steps of a task into at most {@value #MAX_STRETCHES} stretches of consecutive steps. A stretch starts as
 * one step. If there are too many, all pairs of neighbours are merged, repeatedly, until they fit. Not thread-safe.
 */
public final class Timeline {
    static final int MAX_STRETCHES = 500;

    private List<Stretch> stretches = new ArrayList<>();
    private int width = 1;

    /** Adds the next step. */
    void add(StepFigure step) {
        Stretch one = of(step);
        int end = stretches.size() - 1;
        if (end >= 0 && stretches.get(end).steps() < width) {
            stretches.set(end, join(stretches.get(end), one));
            return;
        }
        if (stretches.size() == MAX_STRETCHES) {
            halve();
        }
        stretches.add(one);
    }

    List<Stretch> stretches() {
        return List.copyOf(stretches);
    }

    private void halve() {
        List<Stretch> joined = new ArrayList<>(MAX_STRETCHES);
        for (int i = 0; i < stretches.size(); i += 2) {
            joined.add(join(stretches.get(i), stretches.get(i + 1)));
        }
        stretches = joined;
        width *= 2;
    }

    private static Stretch of(StepFigure step) {
        return new Stretch(
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

    private static Stretch join(Stretch first, Stretch second) {
        return new Stretch(
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
