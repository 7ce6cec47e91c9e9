package dev.steptrail.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Steps of one task whose numbers follow each other, from the first to the last: what one look at an index finds. */
record StepRun(UUID taskId, int first, int last) {
    static StepRun of(UUID taskId, int stepNumber) {
        return new StepRun(taskId, stepNumber, stepNumber);
    }

    /** As few as these become where each begins with the number after the one before. */
    static List<StepRun> joined(Stream<StepRun> runs) {
        List<StepRun> joined = new ArrayList<>();
        runs.forEach(run -> {
            StepRun before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before != null && run.follows(before)) {
                joined.set(joined.size() - 1, new StepRun(run.taskId, before.first, run.last));
            } else {
                joined.add(run);
            }
        });
        return joined;
    }

    private boolean follows(StepRun before) {
        return taskId.equals(before.taskId) && first - 1 == before.last;
    }
}
