package dev.steptrail.bench.insights;

import java.util.List;
import java.util.UUID;

/** Something that is wrong in a history, or could be better, as it was put there. Step numbers are those of the run's records. */
sealed interface Planted {
    /**
     * One action three times or more where the screen does not change, or is not known.
     *
     * @param steps those that repeat it, the first one too; other actions may lie between them
     */
    record Loop(UUID taskId, List<Integer> steps) implements Planted {}

    /** A task that succeeds about every other time, whatever the model and the version. */
    record FlakyTask(String description) implements Planted {}

    /**
     * A task that succeeds less often, or takes twice as long, since something changed.
     *
     * @param dimension {@code model} or {@code app_version}
     * @param from its value before
     * @param to its value from then on
     */
    record Regression(String description, String dimension, String from, String to) implements Planted {}

    /** A step, no Type and no Wait, that took five to ten times as long as it does in the other runs of its task. */
    record SlowStep(UUID taskId, int stepNumber) implements Planted {}

    /** A task that a third of its runs get done in fewer steps. */
    record ShorterPath(String description, int stepsSaved) implements Planted {}

    /** A launch of an app that the phone does not have. */
    record UnknownApp(UUID taskId, String app, int stepNumber) implements Planted {}

    /** A run with eight Waits or more, where the others have one or two. */
    record TooManyWaits(UUID taskId) implements Planted {}

    /** A run that asked a person for help, once or more. */
    record TakeOvers(UUID taskId) implements Planted {}

    /**
     * Runs that failed in the same way, two or more.
     *
     * @param error their error's text, with {@code <n>} for a number, {@code <id>} for an id and {@code <name>} for what is quoted
     */
    record FailureCluster(String error, List<UUID> taskIds) implements Planted {}

    /**
     * A run that failed after it had left the way that its task is usually done.
     *
     * @param stepNumber the first step off that way
     */
    record LeftUsualPath(UUID taskId, int stepNumber) implements Planted {}
}
