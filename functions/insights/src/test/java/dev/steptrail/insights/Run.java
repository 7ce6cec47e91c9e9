package dev.steptrail.insights;

import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Passes the steps of a run to the rules, each with the next number. */
final class Run {
    private final TaskRules rules = new TaskRules();
    private int last;

    /** @param action name and target, such as {@code Tap 1} or {@code Tap 499,842} */
    Run does(String action) {
        return sees(null, action);
    }

    /** Same with the screenshot before the action. */
    Run sees(@Nullable Long screen, String action) {
        return add(new TaskStep(
                ++last, (long) action.hashCode(), name(action), place(action), screen, null, null, null, null));
    }

    Run fails(String action, String error) {
        return add(new TaskStep(++last, (long) action.hashCode(), name(action), null, null, null, null, null, error));
    }

    Run thinks() {
        return add(new TaskStep(++last, null, null, null, null, null, null, null, null));
    }

    Run takes(int modelMs) {
        return add(new TaskStep(++last, (long) last, "Tap", null, null, null, null, modelMs, null));
    }

    Run stores(long pictureBytes) {
        return add(new TaskStep(++last, (long) last, "Tap", null, null, pictureBytes, null, null, null));
    }

    /** @param step adds steps to the run, given the number of earlier repetitions */
    Run repeat(int times, ObjIntConsumer<Run> step) {
        for (int i = 0; i < times; i++) {
            step.accept(this, i);
        }
        return this;
    }

    private Run add(TaskStep step) {
        rules.add(step);
        return this;
    }

    private static String name(String action) {
        return action.split(" ")[0];
    }

    private static @Nullable String place(String action) {
        return action.contains(",") ? action.split(" ")[1] : null;
    }

    TaskRules rules() {
        return rules;
    }
}
