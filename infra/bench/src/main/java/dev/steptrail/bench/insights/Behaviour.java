package dev.steptrail.bench.insights;

import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How the runs of a group fare.
 *
 * @param success the share of them that succeed
 * @param change what became worse; null where nothing did
 */
record Behaviour(Kind kind, double success, @Nullable Change change) {
    private static final List<Double> FLAKY = List.of(0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65);

    /** What kinds there are: how many groups of each, and how many of 2,000 runs each of these has. */
    enum Kind {
        REGRESSION(8, 60),
        FLAKY(8, 30),
        SHORTCUT(6, 30),
        /** They fail now and then, which is not called flaky. */
        NEARLY_STEADY(12, 25),
        ALWAYS_FAILS(4, 25),
        /** Of three to six runs however large the history is: too few to say anything. */
        RARE(6, 0),
        /** They share the runs that the others leave. */
        STEADY(36, 0);

        final int groups;
        final int share;

        Kind(int groups, int share) {
            this.groups = groups;
            this.share = share;
        }
    }

    /**
     * From a date on.
     *
     * @param dimension {@code model} or {@code app_version}
     * @param success the share of runs that succeed then
     * @param slowness how many times as long each step takes then
     */
    record Change(Instant since, String dimension, String from, String to, double success, double slowness) {
        boolean isOf(String name) {
            return dimension.equals(name);
        }

        String valueAt(Instant time) {
            return time.isBefore(since) ? from : to;
        }
    }

    /** That of the group with this number among those of its kind. */
    static Behaviour drawn(Kind kind, int number, Instant middle, RandomGenerator random) {
        return switch (kind) {
            case REGRESSION -> new Behaviour(kind, 0.95, change(number, middle, random));
            case FLAKY -> new Behaviour(kind, FLAKY.get(number % FLAKY.size()), null);
            case NEARLY_STEADY -> new Behaviour(kind, number % 2 == 0 ? 0.9 : 0.95, null);
            case ALWAYS_FAILS -> new Behaviour(kind, 0, null);
            case RARE -> new Behaviour(kind, 0.5, null);
            case SHORTCUT, STEADY -> new Behaviour(kind, number % 3 == 0 ? 1 : 0.95, null);
        };
    }

    /** All four combinations of what changed and what became worse, in turns. */
    private static Change change(int number, Instant middle, RandomGenerator random) {
        boolean model = number % 2 == 0;
        List<String> values = model ? Setting.MODELS : Setting.VERSIONS;
        int from = random.nextInt(values.size() - 1);
        boolean fails = number / 2 % 2 == 0;
        return new Change(
                middle.plusSeconds(random.nextInt(-864_000, 864_000)),
                model ? Setting.MODEL : Setting.VERSION,
                values.get(from),
                values.get(from + 1),
                fails ? 0.5 : 0.95,
                fails ? 1 : 2);
    }

    double successAt(Instant time) {
        return change == null || time.isBefore(change.since()) ? success : change.success();
    }

    double slownessAt(Instant time) {
        return change == null || time.isBefore(change.since()) ? 1 : change.slowness();
    }
}
