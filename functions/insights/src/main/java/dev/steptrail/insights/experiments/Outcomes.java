package dev.steptrail.insights.experiments;

import dev.steptrail.insights.Statistics;
import dev.steptrail.insights.Statistics.Interval;
import org.jspecify.annotations.Nullable;

/** The outcomes of the repeats of a case. A repeat that still runs or whose verdict is unclear has no outcome. */
public record Outcomes(int passes, int fails) {
    public static final Outcomes NONE = new Outcomes(0, 0);

    /** Returns the number of repeats with an outcome. */
    public int repeats() {
        return passes + fails;
    }

    /** Returns null if no repeat has an outcome. */
    public @Nullable Double passRate() {
        return repeats() == 0 ? null : (double) passes / repeats();
    }

    /** Returns the 95 % confidence interval of the pass rate (Wilson); null if no repeat has an outcome. */
    public @Nullable Interval interval() {
        return repeats() == 0 ? null : Statistics.wilson(passes, repeats());
    }
}
