package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Detects cycles in tasks without screenshots. A cycle is a sequence of two to {@value #MAX_LENGTH} actions, not all
 * the same, that occurs at least {@value #MIN_REPEATS} times in a row. A single repeated action is a loop.
 */
final class CycleRule implements TaskRules.Rule {
    private static final int MAX_LENGTH = 6;
    private static final int MIN_REPEATS = 3;
    private static final int MAX_CYCLES = 20;

    private final ActionMatcher matcher;
    private final List<Finding> found = new ArrayList<>();
    private final List<Long> actions = new ArrayList<>();
    private final List<Integer> stepNumbers = new ArrayList<>();

    /** For each cycle length n, the number of consecutive latest actions that equal the action n positions earlier. */
    private final int[] repeated = new int[MAX_LENGTH + 1];

    CycleRule(ActionMatcher matcher) {
        this.matcher = matcher;
    }

    @Override
    public void add(TaskStep step) {
        if (step.screen() != null) {
            if (!actions.isEmpty()) {
                end();
            }
            return;
        }
        Long action = matcher.idOf(step);
        if (action == null) {
            return;
        }
        int index = actions.size();
        actions.add(action);
        stepNumbers.add(step.stepNumber());
        int current = currentLength();
        for (int length = 1; length <= MAX_LENGTH; length++) {
            boolean repeats = index >= length && actions.get(index - length).equals(action);
            if (!repeats && length == current) {
                found.addAll(createFindings(length, index));
                restart(index);
                return;
            }
            repeated[length] = repeats ? repeated[length] + 1 : 0;
        }
    }

    /** Returns the length of the shortest cycle in progress; 0 if there is none. */
    private int currentLength() {
        for (int length = 2; length <= MAX_LENGTH; length++) {
            if (repeated[length] >= (MIN_REPEATS - 1) * length && !isOneAction(length)) {
                return length;
            }
        }
        return 0;
    }

    /** Returns whether an apparent cycle of this length is a single repeated action. */
    private boolean isOneAction(int length) {
        return repeated[1] >= repeated[length] + length - 1;
    }

    private List<Finding> createFindings(int length, int end) {
        if (length == 0 || found.size() >= MAX_CYCLES) {
            return List.of();
        }
        List<Integer> steps = stepNumbers.subList(end - repeated[length] - length, end);
        return List.of(new Finding(
                "no_progress",
                steps.subList(0, Math.min(steps.size(), Finding.MAX_STEPS)),
                Map.of("count", steps.size(), "screen", "unknown", "actions", length)));
    }

    private void restart(int index) {
        long action = actions.get(index);
        int stepNumber = stepNumbers.get(index);
        clear();
        actions.add(action);
        stepNumbers.add(stepNumber);
    }

    private void end() {
        found.addAll(createFindings(currentLength(), actions.size()));
        clear();
    }

    private void clear() {
        actions.clear();
        stepNumbers.clear();
        Arrays.fill(repeated, 0);
    }

    @Override
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(found);
        all.addAll(createFindings(currentLength(), actions.size()));
        return all;
    }
}
