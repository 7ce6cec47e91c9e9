package dev.steptrail.insights.history;

import dev.steptrail.insights.history.Group.Kind;
import dev.steptrail.stepformat.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sixty days of {@value #RUNS} runs with about 50 steps each, determined by a seed and generated lazily. */
public final class History {
    public static final int RUNS = 2_000;
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(60);

    /** The number of consecutive runs of a group in which exactly its share succeeds, so chance has no effect. */
    private static final int BLOCK = 20;

    private final long seed;
    private final List<Group> groups;

    /** The group of each run, and the number of earlier runs of that group. */
    private final int[] groupOfRun = new int[RUNS];

    private final int[] ordinalOfRun = new int[RUNS];

    public History(long seed) {
        this.seed = seed;
        this.groups = Group.all(seed, BEGIN.plus(SPAN.dividedBy(2)));
        schedule();
    }

    private void schedule() {
        List<Integer> runs = new ArrayList<>(RUNS);
        List<Group> steady = new ArrayList<>();
        for (Group group : groups) {
            if (group.kind() == Kind.STEADY) {
                steady.add(group);
            } else {
                int count = group.kind() == Kind.RARE ? 3 + group.number() % 4 : group.kind().runs;
                IntStream.range(0, count).forEach(i -> runs.add(group.number()));
            }
        }
        for (int i = 0; runs.size() < RUNS; i++) {
            runs.add(steady.get(i % steady.size()).number());
        }
        List<Integer> shuffled = Chance.shuffled(runs, Chance.source(seed, Chance.SCHEDULE, 0));
        int[] counts = new int[groups.size()];
        for (int i = 0; i < RUNS; i++) {
            groupOfRun[i] = shuffled.get(i);
            ordinalOfRun[i] = counts[groupOfRun[i]]++;
        }
    }

    /** All runs, the earliest first. */
    public Stream<GeneratedRun> runs() {
        return IntStream.range(0, RUNS).mapToObj(this::run);
    }

    private GeneratedRun run(int index) {
        SplittableRandom random = Chance.source(seed, Chance.RUNS, index);
        Group group = groups.get(groupOfRun[index]);
        int ordinal = ordinalOfRun[index];
        double progress = (index + random.nextDouble()) / RUNS;
        Instant start = BEGIN.plusMillis(Math.round(progress * SPAN.toMillis()));
        byte[] bytes = new byte[10];
        random.nextBytes(bytes);
        UUID taskId = UuidV7.of(start, bytes);
        GeneratedRun.Setting setting = GeneratedRun.Setting.drawn(group, start, progress, random);
        boolean byShortcut = group.kind() == Kind.SHORTCUT && ordinal % 3 == 0;
        Draft draft = new Draft(taskId, group, byShortcut, random);
        draft.play(succeeds(group, ordinal, group.successAt(start)));
        return new GeneratedRun(
                taskId,
                start,
                group,
                setting,
                List.copyOf(draft.steps),
                group.slownessAt(start),
                draft.outcome,
                random.nextLong(),
                List.copyOf(draft.planted),
                draft.commonError);
    }

    private boolean succeeds(Group group, int ordinal, double share) {
        List<Integer> ranks = Chance.shuffled(
                IntStream.range(0, BLOCK).boxed().toList(),
                Chance.source(seed, Chance.OUTCOMES, ((long) group.number() << 32) + ordinal / BLOCK));
        return ranks.get(ordinal % BLOCK) < Math.round(share * BLOCK);
    }

    /** All planted problems: of groups, of runs, and of runs that failed alike. */
    public List<Planted> planted() {
        List<Planted> planted = new ArrayList<>();
        groups.forEach(group -> group.planted().ifPresent(planted::add));
        Map<String, List<UUID>> alike = new LinkedHashMap<>();
        runs().forEach(run -> {
            planted.addAll(run.planted());
            if (run.commonError() != null) {
                alike.computeIfAbsent(run.commonError(), error -> new ArrayList<>())
                        .add(run.taskId());
            }
        });
        alike.forEach((error, runs) -> {
            if (runs.size() > 1) {
                planted.add(new Planted("similar_failures", Set.copyOf(runs)));
            }
        });
        return planted;
    }
}
