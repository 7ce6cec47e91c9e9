package dev.steptrail.insights.history;

import dev.steptrail.insights.InstructionText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one instruction.
 *
 * @param success the share of runs that succeed before the change
 * @param change what became worse; null if nothing did
 * @param screens perceptual hashes of the phone's screens; null where runs are recorded without screenshots
 */
record Group(
        int number,
        String instruction,
        Kind kind,
        double success,
        @Nullable Change change,
        UsualPath path,
        long @Nullable [] screens) {
    static final String MODEL = "model";
    static final String VERSION = "app_version";
    static final List<String> MODELS = List.of("autoglm-phone-9b", "autoglm-phone-9b-1.5", "glm-4.6v");
    static final List<String> VERSIONS = List.of("3.1.0", "3.2.0", "3.3.0");

    /**
     * The bits that the clock in the status bar changes: two screenshots of a screen differ by up to these three bits.
     */
    static final long CLOCK = 0x0000_0000_0001_0101L;

    private static final int MIN_DIFFERENCE_OF_SCREENS = 20;
    private static final List<Double> FLAKY = List.of(0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65);

    /** The number of groups of each kind, and the runs of each group among 2,000. */
    enum Kind {
        REGRESSION(8, 60),
        FLAKY(8, 30),
        SHORTCUT(6, 30),
        /** Fails occasionally, which is not flaky. */
        NEARLY_STEADY(12, 25),
        ALWAYS_FAILS(4, 25),
        /** Three to six runs each: too few for any conclusion. */
        RARE(6, 0),
        /** Share the remaining runs. */
        STEADY(36, 0);

        final int groups;
        final int runs;

        Kind(int groups, int runs) {
            this.groups = groups;
            this.runs = runs;
        }
    }

    /**
     * A change at a date.
     *
     * @param dimension {@link #MODEL} or {@link #VERSION}
     * @param success the share of runs that succeed afterwards
     * @param slowness the factor by which each step takes longer afterwards
     */
    record Change(Instant since, String dimension, String from, String to, double success, double slowness) {
        String valueAt(Instant time) {
            return time.isBefore(since) ? from : to;
        }

        /** Returns all four combinations of dimension and effect in turn. */
        static Change drawn(int number, Instant middle, RandomGenerator random) {
            boolean model = number % 2 == 0;
            List<String> values = model ? MODELS : VERSIONS;
            int from = random.nextInt(values.size() - 1);
            boolean fails = number / 2 % 2 == 0;
            return new Change(
                    middle.plusSeconds(random.nextInt(-864_000, 864_000)),
                    model ? MODEL : VERSION,
                    values.get(from),
                    values.get(from + 1),
                    fails ? 0.5 : 0.95,
                    fails ? 1 : 2);
        }
    }

    /** All 80 groups, half of them with screenshots. */
    static List<Group> all(long seed, Instant middle) {
        List<String> instructions = Chance.shuffled(Texts.instructions(), Chance.source(seed, Chance.GROUPS, -1));
        List<Group> groups = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.groups; i++) {
                int number = groups.size();
                RandomGenerator random = Chance.source(seed, Chance.GROUPS, number);
                // In pairs: every other group of a kind has a property that would otherwise always coincide with
                // screenshots.
                boolean withScreens = i / 4 % 2 == i % 2;
                // Each kind has short and long paths, so that histories have a similar size.
                double rank = (i + random.nextDouble()) / kind.groups;
                UsualPath path = UsualPath.drawn(withScreens, kind == Kind.SHORTCUT, rank, random);
                Change change = kind == Kind.REGRESSION ? Change.drawn(i, middle, random) : null;
                groups.add(new Group(
                        number,
                        instructions.get(number),
                        kind,
                        success(kind, i),
                        change,
                        path,
                        withScreens ? screens(path.screens(), random) : null));
            }
        }
        return groups;
    }

    private static double success(Kind kind, int number) {
        return switch (kind) {
            case REGRESSION -> 0.95;
            case FLAKY -> FLAKY.get(number % FLAKY.size());
            case NEARLY_STEADY -> number % 2 == 0 ? 0.9 : 0.95;
            case ALWAYS_FAILS -> 0;
            case RARE -> 0.5;
            case SHORTCUT, STEADY -> number % 3 == 0 ? 1 : 0.95;
        };
    }

    private static long[] screens(int count, RandomGenerator random) {
        long[] hashes = new long[count];
        for (int drawn = 0; drawn < count; ) {
            long hash = random.nextLong() & ~CLOCK;
            boolean isUnlike = true;
            for (int i = 0; i < drawn; i++) {
                isUnlike &= Long.bitCount(hash ^ hashes[i]) >= MIN_DIFFERENCE_OF_SCREENS;
            }
            if (isUnlike) {
                hashes[drawn++] = hash;
            }
        }
        return hashes;
    }

    double successAt(Instant time) {
        return change == null || time.isBefore(change.since()) ? success : change.success();
    }

    double slownessAt(Instant time) {
        return change == null || time.isBefore(change.since()) ? 1 : change.slowness();
    }

    /** Returns the hash of a screenshot of a screen, in 16 hexadecimal digits. */
    @Nullable
    String look(int screen, RandomGenerator random) {
        return screens == null ? null : HexFormat.of().toHexDigits(screens[screen] | (random.nextLong() & CLOCK));
    }

    /** The problem that all runs of the group show together. */
    Optional<Planted> planted() {
        String text = InstructionText.normalize(instruction);
        if (change != null) {
            return Optional.of(
                    new Planted("regression", List.of(text, change.dimension(), change.from(), change.to())));
        }
        if (path.shortcut() != null) {
            return Optional.of(new Planted("shorter_path", text));
        }
        return kind == Kind.FLAKY ? Optional.of(new Planted("flaky", text)) : Optional.empty();
    }
}
