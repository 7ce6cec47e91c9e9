package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * No progress, where nothing was seen: two to {@value #LONGEST} actions that come again in the same order, at least {@value #LEAST} times in a row.
 * Some of them may be the same, as long as not all are: one action that comes again is a loop.
 */
final class CycleRule implements RunRules.Rule {
    private static final int LONGEST = 6;
    private static final int LEAST = 3;
    private static final int MOST_CYCLES = 20;
    private static final int MOST_ACTIONS = 5_000;

    private final SameActions same;
    private final List<Finding> found = new ArrayList<>();
    private final List<Long> actions = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();

    /** By the length of the cycle: how many of the last actions are each the one that was so many before. */
    private final int[] repeated = new int[LONGEST + 1];

    CycleRule(SameActions same) {
        this.same = same;
    }

    @Override
    public void add(RunStep step) {
        if (step.screen() != null) {
            if (!actions.isEmpty()) {
                end();
            }
            return;
        }
        Long action = same.of(step);
        if (action == null) {
            return;
        }
        makeRoom();
        int at = actions.size();
        actions.add(action);
        numbers.add(step.stepNumber());
        int under = length();
        for (int length = 1; length <= LONGEST; length++) {
            boolean again = at >= length && actions.get(at - length).equals(action);
            if (!again && length == under) {
                found.addAll(cycle(length, at));
                restart(at);
                return;
            }
            repeated[length] = again ? repeated[length] + 1 : 0;
        }
    }

    /** What no cycle can begin with is forgotten; a cycle without end is told as several. */
    private void makeRoom() {
        if (length() == 0 && actions.size() > LEAST * LONGEST) {
            actions.remove(0);
            numbers.remove(0);
        } else if (actions.size() == MOST_ACTIONS) {
            end();
        }
    }

    /** Of the cycle that is under way, the shortest there is; 0 if none is. */
    private int length() {
        for (int length = 2; length <= LONGEST; length++) {
            if (repeated[length] >= (LEAST - 1) * length && !isOneAction(length)) {
                return length;
            }
        }
        return 0;
    }

    /** Whether what seems a cycle of this length is one action again and again. */
    private boolean isOneAction(int length) {
        return repeated[1] >= repeated[length] + length - 1;
    }

    private List<Finding> cycle(int length, int end) {
        if (length == 0 || found.size() >= MOST_CYCLES) {
            return List.of();
        }
        List<Integer> steps = numbers.subList(end - repeated[length] - length, end);
        return List.of(new Finding(
                "no_progress",
                steps.subList(0, Math.min(steps.size(), Finding.MOST_STEPS)),
                Map.of("count", steps.size(), "screen", "unknown", "actions", length)));
    }

    /** Begins anew with the action at this place. */
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
