package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param message what the agent said at the end, or what went wrong
 * @param steps how many steps it took
 */
public record RunResult(
        TaskStatus status, Ending ending, @Nullable String message, int steps) {}
