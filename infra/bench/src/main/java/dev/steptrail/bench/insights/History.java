package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Behaviour.Kind;
import dev.steptrail.stepformat.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sixty days of phone agents at work, in the order in which their runs began. The same seed and size give the same history. A run is made when
 * it is asked for, and none is kept.
 */
final class History {
    static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    static final Duration SPAN = Duration.ofDays(60);

    /** A shorter path is known to each third run. */
    private static final int KNOW_SHORTCUT = 3;

    private final Seeds seeds;
    private final Size size;
    private final Instant begin;
    private final List<Group> groups;
    private final Schedule schedule;
    private final Luck luck;

    private History(long seed, Size size, Instant begin) {
        this.seeds = new Seeds(seed);
        this.size = size;
        this.begin = begin;
        this.groups = Groups.drawn(seeds, begin.plus(SPAN.dividedBy(2)));
        this.schedule = Schedule.drawn(groups, size, seeds);
        this.luck = new Luck(seeds);
    }

    static History of(long seed, Size size) {
        return of(seed, size, BEGIN);
    }

    /** The same at another time, for rules that look at the last weeks only. */
    static History of(long seed, Size size, Instant begin) {
        return new History(seed, size, begin);
    }

    /** All runs, the earliest first. */
    Stream<Run> runs() {
        return IntStream.range(0, size.runs()).mapToObj(this::run);
    }

    /**
     * One of them.
     *
     * @param index from 0
     */
    Run run(int index) {
        SplittableRandom random = seeds.of(Seeds.Purpose.RUN, index);
        Group group = groups.get(schedule.group(index));
        int ordinal = schedule.ordinal(index);
        double progress = (index + random.nextDouble()) / size.runs();
        Instant start = begin.plusMillis(Math.round(progress * SPAN.toMillis()));
        Behaviour behaviour = group.behaviour();
        byte[] bytes = new byte[10];
        random.nextBytes(bytes);
        UUID taskId = UuidV7.of(start, bytes);
        Setting setting = Setting.drawn(group, start, progress, random);

        boolean byShortcut = group.is(Kind.SHORTCUT) && ordinal % KNOW_SHORTCUT == 0;
        Draft draft = new Draft(taskId, group, byShortcut, random);
        Plots.play(draft, luck.succeeds(group, ordinal, behaviour.successAt(start)));
        return new Run(
                taskId,
                start,
                group,
                setting,
                draft.moves(),
                behaviour.slownessAt(start),
                draft.outcome(),
                random.nextLong(),
                draft.planted(),
                draft.cluster());
    }

    /** All that there is to be found: of groups, of runs, of runs that failed alike. It goes through all runs, without their records. */
    List<Planted> planted() {
        List<Planted> planted = new ArrayList<>();
        groups.forEach(group -> group.planted().ifPresent(planted::add));
        Map<String, List<UUID>> clusters = new LinkedHashMap<>();
        runs().forEach(run -> {
            planted.addAll(run.planted());
            if (run.cluster() != null) {
                clusters.computeIfAbsent(run.cluster(), cluster -> new ArrayList<>())
                        .add(run.taskId());
            }
        });
        clusters.forEach((error, runs) -> {
            if (runs.size() > 1) {
                planted.add(new Planted.FailureCluster(error, List.copyOf(runs)));
            }
        });
        return planted;
    }
}
