package dev.steptrail.cli.evaluate;

import dev.steptrail.cli.evaluate.TaskFacts.Screen;
import dev.steptrail.cli.evaluate.TaskFacts.StepFacts;
import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A condition that a successful task meets. */
public sealed interface Rule {
    /**
     * The result of a rule.
     *
     * @param label {@code UNCLEAR} if the recorded data does not show whether the rule holds
     * @param reason the values on which the result is based
     */
    record Finding(Label label, String reason) {}

    /** Returns the name of the rule, which is that of its option, such as {@code expect-app}. */
    String name();

    /** Returns the values of the rule's options, for the version of the rules. */
    List<String> values();

    Finding check(TaskFacts task);

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
    record ExpectApp(String app) implements Rule {
        private static final AppTable APPS = AppTable.builtIn();

        @Override
        public String name() {
            return "expect-app";
        }

        @Override
        public List<String> values() {
            return List.of(app);
        }

        @Override
        public Finding check(TaskFacts task) {
            TreeSet<String> shown = new TreeSet<>();
            StepFacts failedLaunch = null;
            boolean wasOpen = false;
            boolean hasChanged = false;
            int previousNumber = 0;
            for (StepFacts step : task.steps()) {
                hasChanged |= step.number() > previousNumber + 1; // a lost step may have changed the screen
                previousNumber = step.number();
                boolean isLaunch = isExpected(step.launchedApp());
                if (isLaunch && !Boolean.FALSE.equals(step.succeeded())) {
                    return pass("step " + step.number() + " launched " + app);
                }
                if (isExpected(step.currentApp()) && hasChanged) {
                    return pass("step " + step.number() + " shows " + app);
                }
                if (isExpected(step.currentApp())) {
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
        }

        /** An app may have several names: a model launches {@code Settings}, whose screen is AndroidSystemSettings. */
        private boolean isExpected(@Nullable String name) {
            return name != null
                    && (name.equals(app) || !Collections.disjoint(APPS.packagesOf(name), APPS.packagesOf(app)));
        }
    }

    /** The final message contains a text. */
    record ExpectMessage(String text) implements Rule {
        @Override
        public String name() {
            return "expect-message";
        }

        @Override
        public List<String> values() {
            return List.of(text);
        }

        @Override
        public Finding check(TaskFacts task) {
            String message = task.message();
            if (message == null) {
                return fail("expected '" + text + "' in the final message, but there is none");
            }
            return message.contains(text)
                    ? pass("the final message contains '" + text + "'")
                    : fail("expected '" + text + "' in the final message, but it is '" + message + "'");
        }
    }

    /**
     * The last screenshot of the task is similar to a picture.
     *
     * @param perceptualHash of the picture, 16 hexadecimal digits
     * @param maxDistance the number of bits in which the hashes may differ, 0 to 64
     */
    record ExpectScreen(String perceptualHash, int maxDistance) implements Rule {
        @Override
        public String name() {
            return "expect-screen";
        }

        @Override
        public List<String> values() {
            return List.of(perceptualHash, String.valueOf(maxDistance));
        }

        @Override
        public Finding check(TaskFacts task) {
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
        }
    }

    /** The task has at most this many steps, including lost ones. */
    record MaxSteps(int limit) implements Rule {
        @Override
        public String name() {
            return "max-steps";
        }

        @Override
        public List<String> values() {
            return List.of(String.valueOf(limit));
        }

        @Override
        public Finding check(TaskFacts task) {
            String steps = "the task has " + task.stepCount() + (task.stepCount() == 1 ? " step" : " steps");
            return task.stepCount() <= limit ? pass(steps) : fail(steps + " (expected at most " + limit + ")");
        }
    }

    /** No step failed after the last one that succeeded. */
    record NoFailedStepAfterSuccess() implements Rule {
        @Override
        public String name() {
            return "no-failed-step-after-success";
        }

        @Override
        public List<String> values() {
            return List.of();
        }

        @Override
        public Finding check(TaskFacts task) {
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
        }
    }
}
