package dev.steptrail.bench.insights;

import dev.steptrail.insights.TextRules;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** As much as is ever compared at once: runs of one text, each as long as a digest may be. */
final class LargestText {
    static final int RUNS = TextRules.MOST_RUNS;

    /** A digest has no more; see {@code ReadMoves}. */
    static final int MOVES = 300;

    private LargestText() {}

    /** Of one group of the large history, each doing what it does again and again. */
    static Stream<Run> runs(long seed) {
        return History.of(seed, Size.LARGE)
                .runs()
                .filter(run -> run.group().number() == 0)
                .limit(RUNS)
                .map(LargestText::prolonged);
    }

    private static Run prolonged(Run run) {
        List<Move> moves = run.moves();
        return new Run(
                run.taskId(),
                run.startedAt(),
                run.group(),
                run.setting(),
                IntStream.range(0, MOVES)
                        .mapToObj(i -> moves.get(i % moves.size()))
                        .toList(),
                run.slowness(),
                run.outcome(),
                run.seed(),
                run.planted(),
                run.cluster());
    }
}
