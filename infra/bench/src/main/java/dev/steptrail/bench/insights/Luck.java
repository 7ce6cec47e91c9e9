package dev.steptrail.bench.insights;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which runs of a group succeed. Of each {@value #BLOCK} that follow each other it is just the share that shall, in any order: a task is
 * neither flaky nor steady by chance alone, nor flaky for a week only.
 */
record Luck(Seeds seeds) {
    private static final int BLOCK = 20;

    /**
     * Whether this one does.
     *
     * @param ordinal how many runs of its group come before it
     * @param share how many of all do, 0 to 1
     */
    boolean succeeds(Group group, int ordinal, double share) {
        int block = ordinal / BLOCK;
        List<Integer> ranks = Chance.shuffled(
                IntStream.range(0, BLOCK).boxed().toList(),
                seeds.of(Seeds.Purpose.OUTCOMES, ((long) group.number() << 32) + block));
        return ranks.get(ordinal % BLOCK) < Math.round(share * BLOCK);
    }
}
