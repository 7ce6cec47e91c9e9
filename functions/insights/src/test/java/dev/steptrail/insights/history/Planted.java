package dev.steptrail.insights.history;

import java.util.List;
import java.util.UUID;

/** A problem that was planted in a history, and that rules should find. Step numbers are those of the records. */
public sealed interface Planted {
    /**
     * An action that is repeated three times or more on one screen, or on unknown screens.
     *
     * @param steps all steps with the action; other actions may lie between them
     */
    record Loop(UUID taskId, List<Integer> steps) implements Planted {}

    /** An instruction that succeeds about every other time, whatever the model and the version. */
    record FlakyTask(String instruction) implements Planted {}

    /**
     * An instruction that succeeds less often, or takes twice as long, after a change.
     *
     * @param dimension {@code model} or {@code app_version}
     */
    record Regression(String instruction, String dimension, String from, String to) implements Planted {}

    /** A step that took five to ten times as long as in the other runs of its task. */
    record SlowStep(UUID taskId, int stepNumber) implements Planted {}

    /** An instruction that a third of its runs finish in fewer steps. */
    record ShorterPath(String instruction, int stepsSaved) implements Planted {}

    record UnknownApp(UUID taskId, String app) implements Planted {}

    /** A run with eight waits or more, where other runs have one or two. */
    record TooManyWaits(UUID taskId) implements Planted {}

    /** A run that asked a person for help. */
    record TakeOvers(UUID taskId) implements Planted {}

    /** Two or more runs that failed in the same way. */
    record SimilarFailures(String error, List<UUID> taskIds) implements Planted {}

    /**
     * A run that failed after it had left the usual path of its task.
     *
     * @param stepNumber the first step off the path
     */
    record LeftUsualPath(UUID taskId, int stepNumber) implements Planted {}
}
