package dev.steptrail.insights;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A pattern in the tasks with one instruction, or in all tasks of an owner.
 *
 * @param kind such as {@code flaky}
 * @param tasks the tasks that are evidence, newest first, at most {@value #MAX_EVIDENCE}
 * @param steps the steps that are evidence, at most {@value #MAX_EVIDENCE}; may be empty
 * @param figures values that depend on the kind: strings, numbers, lists of strings
 */
public record Insight(String kind, List<UUID> tasks, List<EvidenceStep> steps, Map<String, Object> figures) {
    /** The maximum number of tasks and of steps. */
    public static final int MAX_EVIDENCE = 100;

    public record EvidenceStep(UUID taskId, int stepNumber) {}

    public Insight {
        tasks = tasks.stream().limit(MAX_EVIDENCE).toList();
        steps = steps.stream().limit(MAX_EVIDENCE).toList();
        figures = Map.copyOf(figures);
    }

    Insight(String kind, List<TaskDigest> tasks, Map<String, Object> figures) {
        this(kind, tasks.stream().map(TaskDigest::taskId).toList(), List.of(), figures);
    }
}
