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
import java.util.Optional;
import java.util.OptionalInt;
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
        JobRun run = new JobRun(remaining, "abandoned", "early_verdicts");
        boolean isDone = run.repeat(timeout ->
                        run.count("abandoned", idleTasks.abandon(ABANDON_BATCH_SIZE, timeout)) == ABANDON_BATCH_SIZE)
                && run.repeat(timeout -> run.count("early_verdicts", writer.writeEarlyVerdicts(timeout)) > 0);
        return run.end(isDone ? null : "idle tasks");
    }

    /** Processes each task that changed: counts its new steps and updates its findings. */
    Progress processChanged(Supplier<Duration> remaining, @Nullable String resumeAt) {
        JobRun run = new JobRun(remaining, "tasks", "steps_counted");
        for (DataProblem problem : DataProblem.values()) {
            run.count(problem.kind() + "_marked", 0);
            run.count(problem.kind() + "_cleared", 0);
        }
        boolean isDone = run.repeat(timeout -> {
            Optional<ProcessingResult> processed = changedTasks.processNext(PROCESS_BATCH_SIZE, timeout);
            processed.ifPresent(result -> {
                run.count("tasks", result.tasks());
                run.count("steps_counted", result.steps());
                result.problems().forEach((problem, changes) -> {
                    run.count(problem.kind() + "_marked", changes.marked());
                    run.count(problem.kind() + "_cleared", changes.cleared());
                });
            });
            return processed.isPresent();
        });
        return run.end(isDone ? null : "changed tasks");
    }

    /** Rebuilds the days of the daily statistics that {@link #processChanged} marked as stale. */
    Progress rollUp(Supplier<Duration> remaining, @Nullable String resumeAt) {
        JobRun run = new JobRun(remaining, "days", "rows");
        boolean isDone = run.repeat(timeout -> {
            Optional<RebuildResult> rebuilt = statistics.rebuild(MAX_DAYS_PER_BATCH, timeout);
            rebuilt.ifPresent(result -> {
                run.count("days", result.days());
                run.count("rows", result.rows());
            });
            return rebuilt.isPresent();
        });
        return run.end(isDone ? null : "stale days");
    }

    /** Updates the insights of instructions whose tasks changed. An instruction that fails is postponed. */
    Progress updateInsights(Supplier<Duration> remaining, @Nullable String resumeAt) {
        JobRun run = new JobRun(remaining, "texts", "insights", JobRun.FAILED);
        boolean isDone = run.repeat(timeout -> {
            Optional<OptionalInt> attempt =
                    run.isolate(database, "an instruction", () -> insightUpdater.updateNext(timeout));
            if (attempt.isEmpty()) {
                insightUpdater.postponeNext();
                return true;
            }
            attempt.get().ifPresent(insights -> {
                run.count("texts", 1);
                run.count("insights", insights);
            });
            return attempt.get().isPresent();
        });
        return run.end(isDone ? null : "stale instructions");
    }

    /** Deletes the steps and screenshots of long tasks that were deleted. */
    Progress deleteRows(Supplier<Duration> remaining, @Nullable String resumeAt) {
        JobRun run = new JobRun(remaining, "batches");
        boolean isDone = run.repeat(
                timeout -> run.count("batches", deletion.deleteNextRows(DELETE_BATCH_SIZE, timeout) ? 1 : 0) > 0);
        return run.end(isDone ? null : "rows of deleted tasks");
    }
}
