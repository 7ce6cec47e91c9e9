package dev.steptrail.cli.phone.run;

import dev.steptrail.phone.autoglm.Limits;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a task may use before it is ended. Null means that the default applies.
 *
 * @param maxSteps the number of steps, 1 or more
 * @param maxSeconds the time in seconds, 1 or more
 * @param maxTokens the number of tokens of the model, input and output, 1 or more
 * @param maxCost the cost of the model's calls in the currency of the prices, more than 0
 */
public record RunLimits(
        @Nullable Integer maxSteps,
        @Nullable Integer maxSeconds,
        @Nullable Integer maxTokens,
        @Nullable BigDecimal maxCost) {
    /** The defaults. */
    public static final RunLimits NONE = new RunLimits(null, null, null, null);

    /** Returns these limits, and those of {@code defaults} for the ones that are not set. */
    public RunLimits or(RunLimits defaults) {
        return new RunLimits(
                maxSteps == null ? defaults.maxSteps : maxSteps,
                maxSeconds == null ? defaults.maxSeconds : maxSeconds,
                maxTokens == null ? defaults.maxTokens : maxTokens,
                maxCost == null ? defaults.maxCost : maxCost);
    }

    /** Returns the limits of a task; without a number of steps, that of {@link Limits#DEFAULT}. */
    Limits toLimits() {
        return new Limits(
                maxSteps == null ? Limits.DEFAULT.steps() : maxSteps,
                maxSeconds == null ? null : Duration.ofSeconds(maxSeconds),
                maxTokens == null ? null : maxTokens.longValue(),
                maxCost);
    }
}
