package dev.steptrail.insights.experiments;

import dev.steptrail.insights.Statistics;
import dev.steptrail.insights.Statistics.Interval;
import java.util.Arrays;
import java.util.Collection;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the pass rate of an experiment by resampling its cases (<a
 * href="https://en.wikipedia.org/wiki/Bootstrapping_(statistics)">cluster bootstrap</a>). The repeats of a case are not
 * independent, so an interval from the number of tasks would be too narrow.
 */
public final class CaseResampler {
    private static final int RESAMPLES = 2000;

    /** The same data must have the same interval each time. */
    private static final long SEED = 25;

    private CaseResampler() {}

    /**
     * Returns the 95 % confidence interval of the pass rate of all repeats; null if none has an outcome.
     *
     * <p>If all cases have the same pass rate, resampling cannot show how much cases vary. The interval is then
     * Wilson's of as many tasks as there are cases.
     *
     * @param cases their order affects the interval slightly
     */
    public static @Nullable Interval interval(Collection<Outcomes> cases) {
        Outcomes[] known =
                cases.stream().filter(outcomes -> outcomes.repeats() > 0).toArray(Outcomes[]::new);
        if (known.length == 0) {
            return null;
        }
        double[] rates = new double[RESAMPLES];
        Random random = new Random(SEED);
        for (int i = 0; i < RESAMPLES; i++) {
            long passes = 0;
            long repeats = 0;
            for (int drawn = 0; drawn < known.length; drawn++) {
                Outcomes outcomes = known[random.nextInt(known.length)];
                passes += outcomes.passes();
                repeats += outcomes.repeats();
            }
            rates[i] = (double) passes / repeats;
        }
        Arrays.sort(rates);
        return rates[0] == rates[RESAMPLES - 1]
                ? Statistics.wilson(rates[0] * known.length, known.length)
                : new Interval(Statistics.quantile(rates, 0.025), Statistics.quantile(rates, 0.975));
    }
}
