package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * A flaky task: at least {@value #LEAST} runs ended, and whether one succeeds is nearly anybody's guess, in the earlier half of them as in the later.
 * What succeeds nearly always or hardly ever is not flaky; what succeeds less often with one model, or version of the app, than with another is told as that.
 */
final class FlakyRule {
    private static final int LEAST = 15;
    private static final double LOW = 0.2;
    private static final double HIGH = 0.8;

    /** Where the true share may be as high or low as this, it may be a task that mostly does the same. */
    private static final double NEARLY_ALWAYS = 0.9;

    private static final double HALVES_DIFFER = 0.01;
    private static final RegressionRule REGRESSION = new RegressionRule();

    List<Insight> of(TextHistory history) {
        List<RunDigest> ended = history.ended();
        int successes = history.successes().size();
        if (ended.size() < LEAST
                || !isAGuess(successes, ended.size())
                || changed(ended)
                || REGRESSION.of(history).stream()
                        .anyMatch(worse -> "success".equals(worse.figures().get("what")))) {
            return List.of();
        }
        return List.of(new Insight(
                "flaky",
                TextHistory.newestFirst(ended),
                Map.of(
                        "runs",
                        ended.size(),
                        "successes",
                        successes,
                        "success_rate",
                        (double) successes / ended.size())));
    }

    private static boolean isAGuess(int successes, int runs) {
        double share = (double) successes / runs;
        Statistics.Interval true95 = Statistics.wilson(successes, runs);
        return share >= LOW && share <= HIGH && true95.low() > 1 - NEARLY_ALWAYS && true95.high() < NEARLY_ALWAYS;
    }

    private static boolean changed(List<RunDigest> ended) {
        List<RunDigest> earlier = ended.subList(0, ended.size() / 2);
        List<RunDigest> later = ended.subList(ended.size() / 2, ended.size());
        int before = successes(earlier);
        int after = successes(later);
        return Statistics.byChance(before, earlier.size(), after, later.size()) < HALVES_DIFFER
                || Statistics.byChance(after, later.size(), before, earlier.size()) < HALVES_DIFFER;
    }

    private static int successes(List<RunDigest> runs) {
        return (int) runs.stream().filter(RunDigest::isSuccess).count();
    }
}
