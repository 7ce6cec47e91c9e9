package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.phone.autoglm.Limits;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The limits of a task. */
final class LimitOptions {
    @Option(names = "--max-steps", paramLabel = "N", description = "End the task after N steps (default: 100).")
    private @Nullable Integer maxSteps;

    @Option(names = "--max-seconds", paramLabel = "N", description = "End the task after N seconds.")
    private @Nullable Integer maxSeconds;

    @Option(names = "--max-tokens", paramLabel = "N", description = "End the task after N tokens, input and output.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--max-cost",
            paramLabel = "AMOUNT",
            description = "End the task after this cost; requires --price.")
    private @Nullable BigDecimal maxCost;

    /** @throws ParameterException if a limit is not positive */
    void check(SteptrailCommand command) {
        command.requireAtLeast(1, "--max-steps", maxSteps);
        command.requireAtLeast(1, "--max-seconds", maxSeconds);
        command.requireAtLeast(1, "--max-tokens", maxTokens);
        if (maxCost != null && maxCost.signum() <= 0) {
            throw command.usageError("--max-cost must be more than 0, but is " + maxCost);
        }
    }

    /** Returns the limits; the default for those that are not given. */
    Limits limits() {
        return new Limits(
                maxSteps == null ? Limits.DEFAULT.steps() : maxSteps,
                maxSeconds == null ? null : Duration.ofSeconds(maxSeconds),
                maxTokens == null ? null : maxTokens.longValue(),
                maxCost);
    }
}
