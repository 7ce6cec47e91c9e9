package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Detects a cycle in runs without screenshots: two to {@value #MAX_LENGTH} actions that are repeated in the same order,
 * at least {@value #MIN_REPEATS} times in a row. They must not all be the same: a single repeated action is a loop.
 */
final class CycleRule implements RunRules.Rule {
    private static final int MAX_LENGTH = 6;
    private static final int MIN_REPEATS = 3;
    private static final int MAX_CYCLES = 20;
    private static final int MAX_ACTIONS = 5_000;

    private final ActionMatcher matcher;
    private final List<Finding> found = new ArrayList<>();
    private final List<Long> actions = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();

    /** By cycle length n: how many of the last actions each equal the action n places before. */
    private final int[] repeated = new int[MAX_LENGTH + 1];

    CycleRule(ActionMatcher matcher) {
        this.matcher = matcher;
    }

    @Override
    public void add(RunStep step) {
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
        makeRoom();
        int at = actions.size();
        actions.add(action);
        numbers.add(step.stepNumber());
        int current = length();
        for (int length = 1; length <= MAX_LENGTH; length++) {
            boolean again = at >= length && actions.get(at - length).equals(action);
            if (!again && length == current) {
                found.addAll(cycle(length, at));
                restart(at);
                return;
            }
            repeated[length] = again ? repeated[length] + 1 : 0;
        }
    }

    /** Drops actions that cannot start a cycle. A very long cycle is reported as several. */
    private void makeRoom() {
        if (length() == 0 && actions.size() > MIN_REPEATS * MAX_LENGTH) {
            actions.remove(0);
            numbers.remove(0);
        } else if (actions.size() == MAX_ACTIONS) {
            end();
        }
    }

    /** Returns the length of the cycle in progress, the shortest if there are several; 0 if there is none. */
    private int length() {
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

    private List<Finding> cycle(int length, int end) {
        if (length == 0 || found.size() >= MAX_CYCLES) {
            return List.of();
        }
        List<Integer> steps = numbers.subList(end - repeated[length] - length, end);
        return List.of(new Finding(
                "no_progress",
                steps.subList(0, Math.min(steps.size(), Finding.MAX_STEPS)),
                Map.of("count", steps.size(), "screen", "unknown", "actions", length)));
    }

    /** Restarts with the action at this index. */
    private void restart(int at) {
        long action = actions.get(at);
        int number = numbers.get(at);
        clear();
        actions.add(action);
        numbers.add(number);
    }

    private void end() {
        found.addAll(cycle(length(), actions.size()));
        clear();
    }

    private void clear() {
        actions.clear();
        numbers.clear();
        Arrays.fill(repeated, 0);
    }

    @Override
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(found);
        all.addAll(cycle(length(), actions.size()));
        return all;
    }
}
