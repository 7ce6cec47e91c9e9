package dev.steptrail.cli.judging;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.evaluate.Rule;
import dev.steptrail.cli.evaluate.RuleSet;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the built-in evaluator. A successful task meets all rules. */
final class RuleOptions {
    @Option(
            names = "--expect-app",
            paramLabel = "APP",
            description =
                    "Rule: a step launched this app, or one after an action that may change the screen shows it (current_app).")
    private @Nullable String app;

    @Option(
            names = "--expect-message",
            paramLabel = "TEXT",
            description = "Rule: the agent's final message contains this text.")
    private @Nullable String message;

    @Option(
            names = "--expect-screen",
            paramLabel = "FILE",
            description = "Rule: the last screenshot is similar to this picture (WebP, PNG or JPEG).")
    private @Nullable Path screen;

    @Option(
            names = "--max-distance",
            paramLabel = "N",
            description =
                    "Maximum number of different bits of the perceptual hashes of --expect-screen, 0 to 64 (default: "
                            + Rule.DEFAULT_MAX_DISTANCE + ").")
    private @Nullable Integer maxDistance;

    @Option(names = "--max-steps", paramLabel = "N", description = "Rule: the task has at most N steps.")
    private @Nullable Integer maxSteps;

    @Option(
            names = "--no-failed-step-after-success",
            description = "Rule: no step failed after the last one that succeeded.")
    private boolean noFailedStepAfterSuccess;

    boolean areGiven() {
        return app != null
                || message != null
                || screen != null
                || maxDistance != null
                || maxSteps != null
                || noFailedStepAfterSuccess;
    }

    /**
     * Returns the rules.
     *
     * @throws IOException if the picture cannot be read
     */
    RuleSet parse(SteptrailCommand command) throws IOException {
        requireText("--expect-app", app, command);
        requireText("--expect-message", message, command);
        if (maxDistance != null && screen == null) {
            throw command.usageError("--max-distance requires --expect-screen");
        }
        if (maxDistance != null && (maxDistance < 0 || maxDistance > Rule.HASH_BITS)) {
            throw command.usageError("--max-distance must be 0 to " + Rule.HASH_BITS + ", but is " + maxDistance);
        }
        command.requireAtLeast(0, "--max-steps", maxSteps);
        return new RuleSet(Rule.list(
                app,
                message,
                screen == null ? null : perceptualHash(screen, command),
                maxDistance,
                maxSteps,
                noFailedStepAfterSuccess));
    }

    private static void requireText(String option, @Nullable String value, SteptrailCommand command) {
        if (value != null && value.isBlank()) {
            throw command.usageError(option + " is empty");
        }
    }

    private static String perceptualHash(Path picture, SteptrailCommand command) throws IOException {
        try {
            return WebpEncoder.computePerceptualHash(Files.readAllBytes(picture));
        } catch (NoSuchFileException e) {
            throw command.usageError("--expect-screen: " + picture + " does not exist");
        } catch (BrokenImageException e) {
            throw command.usageError("--expect-screen: " + picture + " is not a valid WebP, PNG or JPEG picture");
        }
    }
}
