package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Behaviour.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Which run is of which group: of as many as its kind says, spread over the whole history. */
final class Schedule {
    private static final int FEWEST = 3;

    private final int[] groups;
    private final int[] ordinals;

    private Schedule(int[] groups, int[] ordinals) {
        this.groups = groups;
        this.ordinals = ordinals;
    }

    static Schedule drawn(List<Group> groups, Size size, Seeds seeds) {
        List<Integer> runs = new ArrayList<>(size.runs());
        List<Group> steady = new ArrayList<>();
        for (Group group : groups) {
            if (group.is(Kind.STEADY)) {
                steady.add(group);
            } else {
                add(runs, group, runsOf(group, size));
            }
        }
        for (int i = 0; runs.size() < size.runs(); i++) {
            add(runs, steady.get(i % steady.size()), 1);
        }
        SplittableRandom random = seeds.of(Seeds.Purpose.SCHEDULE, 0);
        return of(Chance.shuffled(runs, random), groups.size());
    }

    private static int runsOf(Group group, Size size) {
        int few = FEWEST + group.number() % 4;
        return group.is(Kind.RARE) ? few : group.behaviour().kind().share * size.runs() / Size.USUAL.runs();
    }

    private static void add(List<Integer> runs, Group group, int count) {
        for (int i = 0; i < count; i++) {
            runs.add(group.number());
        }
    }

    private static Schedule of(List<Integer> runs, int groupCount) {
        int[] groups = new int[runs.size()];
        int[] ordinals = new int[runs.size()];
        int[] counts = new int[groupCount];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = runs.get(i);
            ordinals[i] = counts[groups[i]]++;
        }
        return new Schedule(groups, ordinals);
    }

    int group(int run) {
        return groups[run];
    }

    /** How many runs of its group come before it. */
    int ordinal(int run) {
        return ordinals[run];
    }
}
