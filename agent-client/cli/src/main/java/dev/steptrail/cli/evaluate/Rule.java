package dev.steptrail.cli.evaluate;

import dev.steptrail.cli.evaluate.TaskFacts.Screen;
import dev.steptrail.cli.evaluate.TaskFacts.StepFacts;
import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A condition that a successful task meets.
 *
 * @param name the name of its option, such as {@code expect-app}
 * @param values the values of its options, for the version of the rules
 */
public record Rule(String name, List<String> values, Function<TaskFacts, Finding> condition) {
    static final String EXPECT_SCREEN = "expect-screen";

    /** The number of bits of a perceptual hash. */
    public static final int HASH_BITS = 64;

    /** Between similar screens (at most two bits) and different ones (at least six). */
    public static final int DEFAULT_MAX_DISTANCE = 4;

    private static final AppTable APPS = AppTable.builtIn();

    /**
     * The result of a rule.
     *
     * @param label {@code UNCLEAR} if the recorded data does not show whether the rule holds
     * @param reason the values on which the result is based
     */
    public record Finding(Label label, String reason) {}

    /**
     * Returns the rules whose values are given.
     *
     * @param screen the perceptual hash of a picture
     * @param maxDistance default {@value #DEFAULT_MAX_DISTANCE}
     */
    public static List<Rule> list(
            @Nullable String app,
            @Nullable String message,
            @Nullable String screen,
            @Nullable Integer maxDistance,
            @Nullable Integer maxSteps,
            boolean noFailedStepAfterSuccess) {
        List<Rule> rules = new ArrayList<>();
        if (app != null) {
            rules.add(expectApp(app));
        }
        if (message != null) {
            rules.add(expectMessage(message));
        }
        if (screen != null) {
            rules.add(expectScreen(screen, Objects.requireNonNullElse(maxDistance, DEFAULT_MAX_DISTANCE)));
        }
        if (maxSteps != null) {
            rules.add(maxSteps(maxSteps));
        }
        if (noFailedStepAfterSuccess) {
            rules.add(noFailedStepAfterSuccess());
        }
        return rules;
    }

    Finding check(TaskFacts task) {
        return condition.apply(task);
    }

    private static Finding pass(String reason) {
        return new Finding(Label.PASS, reason);
    }

    private static Finding fail(String reason) {
        return new Finding(Label.FAIL, reason);
    }

    private static Finding unclear(String reason) {
        return new Finding(Label.UNCLEAR, reason);
    }

    /** Returns the last step that succeeded; null if there is none. */
    private static @Nullable StepFacts lastSuccess(TaskFacts task) {
        StepFacts last = null;
        for (StepFacts step : task.steps()) {
            last = Boolean.TRUE.equals(step.succeeded()) ? step : last;
        }
        return last;
    }

    /**
     * The app was used: a step shows it or launched it. A task may begin in the app that the previous one left open, so
     * a step that shows the app counts only after an action that may have changed the screen, or after a step that
     * shows another app. Without data about the app on the screen, an app that was not launched may have been opened by
     * a tap, so the result is unclear, unless the last launch failed and no step succeeded after it.
     */
    static Rule expectApp(String app) {
        return new Rule("expect-app", List.of(app), task -> {
            TreeSet<String> shown = new TreeSet<>();
            StepFacts failedLaunch = null;
            boolean wasOpen = false;
            boolean hasChanged = false;
            int previousNumber = 0;
            for (StepFacts step : task.steps()) {
                hasChanged |= step.number() > previousNumber + 1; // a lost step may have changed the screen
                previousNumber = step.number();
                boolean isLaunch = isApp(step.launchedApp(), app);
                if (isLaunch && !Boolean.FALSE.equals(step.succeeded())) {
                    return pass("step " + step.number() + " launched " + app);
                }
                if (isApp(step.currentApp(), app) && hasChanged) {
                    return pass("step " + step.number() + " shows " + app);
                }
                if (isApp(step.currentApp(), app)) {
                    wasOpen = true;
                } else if (step.currentApp() != null) {
                    shown.add(step.currentApp());
                    hasChanged = true; // if the app is shown later, it was opened in the task
                }
                hasChanged |= step.mayChangeScreen();
                failedLaunch = isLaunch ? step : failedLaunch;
            }
            if (wasOpen) {
                return fail(
                        "expected " + app + ", but it is shown only before the first action that changes the screen");
            }
            if (!shown.isEmpty()) {
                return fail("expected " + app + ", but the steps show " + String.join(", ", shown));
            }
            StepFacts success = lastSuccess(task);
            if (failedLaunch != null && (success == null || success.number() < failedLaunch.number())) {
                return fail("expected " + app + ", but step " + failedLaunch.number() + " failed to launch it"
                        + (failedLaunch.error() == null ? "" : ": " + failedLaunch.error()));
            }
            return unclear("no step records the app on the screen, and none launched " + app);
        });
    }

    /** An app may have several names: a model launches {@code Settings}, whose screen is AndroidSystemSettings. */
    private static boolean isApp(@Nullable String name, String app) {
        return name != null && (name.equals(app) || !Collections.disjoint(APPS.packagesOf(name), APPS.packagesOf(app)));
    }

    /** The final message contains a text. */
    static Rule expectMessage(String text) {
        return new Rule("expect-message", List.of(text), task -> {
            String message = task.message();
            if (message == null) {
                return fail("expected '" + text + "' in the final message, but there is none");
            }
            return message.contains(text)
                    ? pass("the final message contains '" + text + "'")
                    : fail("expected '" + text + "' in the final message, but it is '" + message + "'");
        });
    }

    /**
     * The last screenshot of the task is similar to a picture.
     *
     * @param perceptualHash of the picture, 16 hexadecimal digits
     * @param maxDistance the number of bits in which the hashes may differ, 0 to 64
     */
    static Rule expectScreen(String perceptualHash, int maxDistance) {
        return new Rule(EXPECT_SCREEN, List.of(perceptualHash, String.valueOf(maxDistance)), task -> {
            StepFacts step = task.steps().stream()
                    .filter(each -> each.lastScreen() != null)
                    .reduce((first, second) -> second)
                    .orElse(null);
            if (step == null) {
                return unclear("the task has no screenshot");
            }
            Screen screen = Objects.requireNonNull(step.lastScreen());
            String place = "the last screenshot (step " + step.number() + ", " + screen.role() + ")";
            String hash = screen.perceptualHash();
            if (hash == null || !hash.matches("[0-9a-f]{16}")) {
                return unclear(place + " has no perceptual hash");
            }
            int distance = Long.bitCount(Long.parseUnsignedLong(hash, 16) ^ Long.parseUnsignedLong(perceptualHash, 16));
            String values = place + " differs in " + distance + " of 64 bits";
            return distance <= maxDistance
                    ? pass(values)
                    : fail("expected at most " + maxDistance + " bits of difference, but " + values);
        });
    }

    /** The task has at most this many steps, including lost ones. */
    static Rule maxSteps(int limit) {
        return new Rule("max-steps", List.of(String.valueOf(limit)), task -> {
            String steps = "the task has " + task.stepCount() + (task.stepCount() == 1 ? " step" : " steps");
            return task.stepCount() <= limit ? pass(steps) : fail(steps + " (expected at most " + limit + ")");
        });
    }

    /** No step failed after the last one that succeeded. */
    static Rule noFailedStepAfterSuccess() {
        return new Rule("no-failed-step-after-success", List.of(), task -> {
            StepFacts success = lastSuccess(task);
            StepFacts failure = task.steps().stream()
                    .filter(step -> Boolean.FALSE.equals(step.succeeded()))
                    .filter(step -> success == null || step.number() > success.number())
                    .findFirst()
                    .orElse(null);
            if (failure != null) {
                return fail("step " + failure.number() + " failed"
                        + (failure.error() == null ? "" : " (" + failure.error() + ")")
                        + (success == null
                                ? ", and no step succeeded"
                                : " after step " + success.number() + ", the last one that succeeded"));
            }
            return success == null
                    ? unclear("no step has a result")
                    : pass("no step failed after step " + success.number());
        });
    }
}
