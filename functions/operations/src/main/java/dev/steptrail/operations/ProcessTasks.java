package dev.steptrail.operations;

import dev.steptrail.store.insights.DataProblem;
import dev.steptrail.store.insights.ProcessChangedTasks;
import dev.steptrail.store.insights.ProcessChangedTasks.Processed;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Processes each task that changed: counts its new steps and updates its findings. */
final class ProcessTasks implements Job {
    /** The name of the count of findings with screenshots that have no step. */
    static final String SCREENSHOTS_WITHOUT_STEP = "screenshot_without_step_marked";

    private static final int BATCH_SIZE = 200;

    private final ProcessChangedTasks tasks;

    ProcessTasks(Database database) {
        this.tasks = new ProcessChangedTasks(database);
    }

    @Override
    public String kind() {
        return "findings";
    }

    /** Needs no {@code resumeAt}: what was processed is stored with each task. */
    @Override
    public Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = new HashMap<>(Map.of("tasks", 0L, "steps_counted", 0L));
        for (DataProblem problem : DataProblem.values()) {
            counts.put(problem.kind() + "_marked", 0L);
            counts.put(problem.kind() + "_cleared", 0L);
        }
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            Optional<Processed> processed = tasks.next(BATCH_SIZE, left);
            if (processed.isEmpty()) {
                return new Progress(counts, null);
            }
            add(counts, processed.get());
        }
        return new Progress(counts, "the changed tasks");
    }

    private static void add(Map<String, Long> counts, Processed processed) {
        counts.merge("tasks", processed.tasks(), Long::sum);
        counts.merge("steps_counted", processed.steps(), Long::sum);
        processed.problems().forEach((problem, changes) -> {
            counts.merge(problem.kind() + "_marked", changes.marked(), Long::sum);
            counts.merge(problem.kind() + "_cleared", changes.cleared(), Long::sum);
        });
    }
}
