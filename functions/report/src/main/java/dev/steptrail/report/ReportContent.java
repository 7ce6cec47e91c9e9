package dev.steptrail.report;

import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.usage.TaskUsage;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows besides the steps of a task.
 *
 * @param usage null if no tokens are known, or if the reader may not see them
 */
public record ReportContent(
        Task task,
        TaskSummary summary,
        TaskJudgements judgements,
        @Nullable TaskUsage usage) {}
