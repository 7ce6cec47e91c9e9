package dev.steptrail.operations;

import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.insights.ChangedTaskProcessor.Processed;
import dev.steptrail.store.insights.DataProblem;
import dev.steptrail.store.insights.InsightLearner;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.IdleTasks;
import dev.steptrail.store.statistics.DailyStatistics;
import dev.steptrail.store.statistics.DailyStatistics.Rebuilt;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The jobs that process tasks. None uses {@code resumeAt}, because the database stores what remains to be done. */
final class TaskJobs {
    /** The name of the counter of findings with screenshots that have no step. */
    static final String TASKS_WITH_STRAY_SCREENSHOTS = "screenshot_without_step_marked";

    /** The rows stay locked for some milliseconds, during which a late step of such a task waits. */
    private static final int ABANDON_BATCH_SIZE = 500;

    private static final int PROCESS_BATCH_SIZE = 200;

    /** Limits the batch, because timestamps are arbitrary: one agent may write steps on 50,000 different days. */
    private static final int MAX_DAYS_PER_BATCH = 100;

    private final Database database;
    private final IdleTasks idle;
    private final ChangedTaskProcessor changed;
    private final DailyStatistics statistics;
    private final InsightLearner learner;

    TaskJobs(Database database) {
        this.database = database;
        this.idle = new IdleTasks(database);
        this.changed = new ChangedTaskProcessor(database);
        this.statistics = new DailyStatistics(database);
        this.learner = new InsightLearner(database);
    }

    /**
     * Ends idle tasks that neither the agent nor a shipper has ended, for example because the machine was shut down.
     */
    Progress endAbandoned(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = zeros("abandoned");
        boolean isDone = repeat(remaining, left -> {
            int abandoned = idle.abandon(ABANDON_BATCH_SIZE, left);
            counts.merge("abandoned", (long) abandoned, Long::sum);
            return abandoned == ABANDON_BATCH_SIZE;
        });
        return new Progress(counts, isDone ? null : "running tasks");
    }

    /** Processes each task that changed: counts its new steps and updates its findings. */
    Progress processChanged(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = zeros("tasks", "steps_counted");
        for (DataProblem problem : DataProblem.values()) {
            counts.putAll(zeros(problem.kind() + "_marked", problem.kind() + "_cleared"));
        }
        boolean isDone = repeat(remaining, left -> {
            Optional<Processed> processed = changed.next(PROCESS_BATCH_SIZE, left);
            processed.ifPresent(result -> {
                counts.merge("tasks", result.tasks(), Long::sum);
                counts.merge("steps_counted", result.steps(), Long::sum);
                result.problems().forEach((problem, changes) -> {
                    counts.merge(problem.kind() + "_marked", changes.marked(), Long::sum);
                    counts.merge(problem.kind() + "_cleared", changes.cleared(), Long::sum);
                });
            });
            return processed.isPresent();
        });
        return new Progress(counts, isDone ? null : "the changed tasks");
    }

    /** Rebuilds the days of the daily statistics that {@link #processChanged} marked as stale. */
    Progress rollUp(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = zeros("days", "rows");
        boolean isDone = repeat(remaining, left -> {
            Optional<Rebuilt> rebuilt = statistics.rebuild(MAX_DAYS_PER_BATCH, left);
            rebuilt.ifPresent(result -> {
                counts.merge("days", (long) result.days(), Long::sum);
                counts.merge("rows", (long) result.rows(), Long::sum);
            });
            return rebuilt.isPresent();
        });
        return new Progress(counts, isDone ? null : "the stale days");
    }

    /** Updates the insights of instructions whose tasks changed. An instruction that fails is postponed. */
    Progress learn(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Failures failures = new Failures(database);
        Map<String, Long> counts = zeros("texts", "insights");
        boolean isDone = repeat(remaining, left -> {
            Optional<OptionalInt> tried = failures.isolate("a text", () -> learner.next(left));
            if (tried.isEmpty()) {
                learner.postponeNext();
                return true;
            }
            tried.get().ifPresent(learned -> {
                counts.merge("texts", 1L, Long::sum);
                counts.merge("insights", (long) learned, Long::sum);
            });
            return tried.get().isPresent();
        });
        counts.put("failed", failures.count());
        return new Progress(counts, isDone ? null : "the stale texts", failures.descriptions());
    }

    private static Map<String, Long> zeros(String... names) {
        Map<String, Long> counts = new HashMap<>();
        for (String name : names) {
            counts.put(name, 0L);
        }
        return counts;
    }

    /**
     * Repeats a part of a job until it is done or time runs out.
     *
     * @param part takes the remaining time, and returns whether there may be more to do
     * @return false if time ran out
     */
    private static boolean repeat(Supplier<Duration> remaining, Predicate<Duration> part) {
        for (Duration left = remaining.get(); left.toMillis() > 0; left = remaining.get()) {
            if (!part.test(left)) {
                return true;
            }
        }
        return false;
    }
}
