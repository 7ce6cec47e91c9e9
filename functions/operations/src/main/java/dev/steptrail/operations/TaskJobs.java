package dev.steptrail.operations;

import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.insights.ChangedTaskProcessor.ProcessingResult;
import dev.steptrail.store.insights.DataProblem;
import dev.steptrail.store.insights.InsightUpdater;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.IdleTaskFinalizer;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.statistics.DailyStatistics;
import dev.steptrail.store.statistics.DailyStatistics.RebuildResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The jobs that process tasks. They ignore {@code resumeAt}, because they find what remains in the database. */
final class TaskJobs {
    /** The counter of tasks that were newly found to have screenshots without a step. */
    static final String TASKS_WITH_STRAY_SCREENSHOTS = "screenshot_without_step_marked";

    /** Small, because the rows of a batch stay locked for some milliseconds, and late steps of these tasks wait. */
    private static final int ABANDON_BATCH_SIZE = 500;

    private static final int PROCESS_BATCH_SIZE = 200;

    private static final int DELETE_BATCH_SIZE = 10_000;

    /** Limits a batch, because timestamps are untrusted: one agent may write steps with 50,000 different days. */
    private static final int MAX_DAYS_PER_BATCH = 100;

    private final Database database;
    private final TaskDeletion deletion;
    private final IdleTaskFinalizer idleTasks;
    private final ChangedTaskProcessor changedTasks;
    private final DailyStatistics statistics;
    private final InsightUpdater insightUpdater;
    private final DatabaseStepWriter writer;

    TaskJobs(Database database) {
        this.database = database;
        this.deletion = new TaskDeletion(database);
        this.idleTasks = new IdleTaskFinalizer(database);
        this.changedTasks = new ChangedTaskProcessor(database);
        this.statistics = new DailyStatistics(database);
        this.insightUpdater = new InsightUpdater(database);
        this.writer = new DatabaseStepWriter(database);
    }

    /**
     * Ends idle tasks whose agent and shipper did not end them, for example because the machine was shut down. Writes
     * verdicts that arrived before their task and still wait, and rejects those whose task never arrived.
     */
    Progress endAbandoned(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = zeros("abandoned", "early_verdicts");
        boolean isDone = repeat(remaining, timeout -> {
            int abandoned = idleTasks.abandon(ABANDON_BATCH_SIZE, timeout);
            counts.merge("abandoned", (long) abandoned, Long::sum);
            return abandoned == ABANDON_BATCH_SIZE;
        });
        isDone = isDone
                && repeat(remaining, timeout -> {
                    int written = writer.writeEarlyVerdicts(timeout);
                    counts.merge("early_verdicts", (long) written, Long::sum);
                    return written > 0;
                });
        return new Progress(counts, isDone ? null : "idle tasks");
    }

    /** Processes each task that changed: counts its new steps and updates its findings. */
    Progress processChanged(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = zeros("tasks", "steps_counted");
        for (DataProblem problem : DataProblem.values()) {
            counts.putAll(zeros(problem.kind() + "_marked", problem.kind() + "_cleared"));
        }
        boolean isDone = repeat(remaining, timeout -> {
            Optional<ProcessingResult> processed = changedTasks.processNext(PROCESS_BATCH_SIZE, timeout);
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
        return new Progress(counts, isDone ? null : "changed tasks");
    }

    /** Rebuilds the days of the daily statistics that {@link #processChanged} marked as stale. */
    Progress rollUp(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = zeros("days", "rows");
        boolean isDone = repeat(remaining, timeout -> {
            Optional<RebuildResult> rebuilt = statistics.rebuild(MAX_DAYS_PER_BATCH, timeout);
            rebuilt.ifPresent(result -> {
                counts.merge("days", (long) result.days(), Long::sum);
                counts.merge("rows", (long) result.rows(), Long::sum);
            });
            return rebuilt.isPresent();
        });
        return new Progress(counts, isDone ? null : "stale days");
    }

    /** Updates the insights of instructions whose tasks changed. An instruction that fails is postponed. */
    Progress updateInsights(Supplier<Duration> remaining, @Nullable String resumeAt) {
        ItemFailures failures = new ItemFailures(database);
        Map<String, Long> counts = zeros("texts", "insights");
        boolean isDone = repeat(remaining, timeout -> {
            Optional<OptionalInt> attempt =
                    failures.isolate("an instruction", () -> insightUpdater.updateNext(timeout));
            if (attempt.isEmpty()) {
                insightUpdater.postponeNext();
                return true;
            }
            attempt.get().ifPresent(insights -> {
                counts.merge("texts", 1L, Long::sum);
                counts.merge("insights", (long) insights, Long::sum);
            });
            return attempt.get().isPresent();
        });
        counts.put("failed", failures.count());
        return new Progress(counts, isDone ? null : "stale instructions", failures.descriptions());
    }

    /** Deletes the steps and screenshots of long tasks that were deleted. */
    Progress deleteRows(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Map<String, Long> counts = zeros("batches");
        boolean isDone = repeat(remaining, timeout -> {
            boolean deleted = deletion.deleteNextRows(DELETE_BATCH_SIZE, timeout);
            counts.merge("batches", deleted ? 1L : 0L, Long::sum);
            return deleted;
        });
        return new Progress(counts, isDone ? null : "rows of deleted tasks");
    }

    private static Map<String, Long> zeros(String... names) {
        Map<String, Long> counts = new HashMap<>();
        for (String name : names) {
            counts.put(name, 0L);
        }
        return counts;
    }

    /**
     * Processes batches until nothing remains or time runs out.
     *
     * @param processBatch takes a timeout, and returns whether more items may remain
     * @return false if time ran out
     */
    private static boolean repeat(Supplier<Duration> remaining, Predicate<Duration> processBatch) {
        for (Duration timeout = remaining.get(); timeout.toMillis() > 0; timeout = remaining.get()) {
            if (!processBatch.test(timeout)) {
                return true;
            }
        }
        return false;
    }
}
