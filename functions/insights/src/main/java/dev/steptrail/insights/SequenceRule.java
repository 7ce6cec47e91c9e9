package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import dev.steptrail.insights.Sequences.Sequence;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reports frequent sequences: the same consecutive actions in at least {@value #MIN_RUNS} runs and one in ten, with any
 * instruction. A macro of them would save the agent these moves. They have {@value #MIN_LENGTH} to {@value #MAX_LENGTH}
 * actions; longer ones are reported in parts. A single repeated action is a loop and is not reported.
 *
 * <p>Of overlapping sequences the one that saves most moves is reported. Another one is reported too if enough runs
 * contain it mostly outside of the reported ones. Places are not distinguished by app: sequences with the same touches
 * are the same.
 *
 * <p>500 runs of 300 moves take at most 0.9 s, and about 30 MB in addition to the runs.
 */
final class SequenceRule {
    private static final int MIN_LENGTH = 3;
    private static final int MAX_LENGTH = 10;
    private static final int MIN_RUNS = 5;
    private static final int ONE_IN = 10;
    private static final int MAX_REPORTED = 20;

    /** Sorts by saved moves, then length (both descending), then newest run, which makes it deterministic. */
    private static final Comparator<Sequence> BEST = Comparator.comparingInt(SequenceRule::savedMoves)
            .thenComparingInt(Sequence::length)
            .reversed()
            .thenComparingInt(sequence -> sequence.starts().findFirst().orElse(0));

    /** @param runs newest first */
    static List<Insight> of(List<RunDigest> runs) {
        int minRuns = Math.max(MIN_RUNS, (runs.size() + ONE_IN - 1) / ONE_IN);
        Sequences sequences = new Sequences(runs);
        List<Sequence> best = sequences.closed(minRuns, MAX_LENGTH).stream()
                .filter(sequence -> sequence.length() >= MIN_LENGTH
                        && sequences.moves(sequence).stream().distinct().count() > 1)
                .sorted(BEST)
                .toList();
        BitSet reportedPlaces = new BitSet();
        List<Sequence> reported = new ArrayList<>();
        for (Sequence sequence : best) {
            if (reported.size() < MAX_REPORTED
                    && sequence.starts()
                                    .filter(start -> isNew(start, sequence, reportedPlaces))
                                    .count()
                            >= minRuns) {
                reported.add(sequence);
                sequence.starts().forEach(start -> reportedPlaces.set(start, start + sequence.length()));
            }
        }
        return reported.stream()
                .map(sequence -> insight(sequence, sequences, runs.size()))
                .toList();
    }

    private static int savedMoves(Sequence sequence) {
        return sequence.runs() * sequence.length();
    }

    /** Returns whether at least two thirds of its moves are not part of a reported sequence. */
    private static boolean isNew(int start, Sequence sequence, BitSet reported) {
        int end = start + sequence.length();
        int known = reported.get(start, end).cardinality();
        return 3 * known <= sequence.length();
    }

    private static Insight insight(Sequence sequence, Sequences sequences, int ofRuns) {
        List<StepOfRun> steps = sequence.starts().mapToObj(sequences::step).toList();
        return new Insight(
                "frequent_sequence",
                steps.stream().map(StepOfRun::taskId).toList(),
                steps,
                Map.of(
                        "actions",
                        sequences.moves(sequence).stream().map(Move::text).toList(),
                        "runs",
                        sequence.runs(),
                        "of_runs",
                        ofRuns,
                        "task_texts",
                        sequence.starts()
                                .mapToObj(start -> sequences.run(start).taskText())
                                .distinct()
                                .count()));
    }
}
