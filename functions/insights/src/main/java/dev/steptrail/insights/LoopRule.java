package dev.steptrail.insights;

import java.util.List;

/**
 * A loop: the same action, at the same place, at least {@value #LEAST} times in a run, on a screen that looks the same, or is unknown; whatever
 * else was tried in between, and whatever came of it.
 */
final class LoopRule implements RunRule {
    private static final int LEAST = 3;
    private static final int MOST_LOOPS = 20;

    private final SameActions same;
    private final Repeats repeats = new Repeats();

    LoopRule(SameActions same) {
        this.same = same;
    }

    @Override
    public void add(RunStep step) {
        Long action = same.of(step);
        if (action != null) {
            repeats.add(action, step);
        }
    }

    @Override
    public List<Finding> findings() {
        return repeats.atLeast(LEAST, LEAST)
                .limit(MOST_LOOPS)
                .map(loop -> new Finding("loop", loop.evidence().steps(), loop.figures()))
                .toList();
    }
}
