package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import dev.steptrail.insights.Sequences.Sequence;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Frequent sequences: the same actions come one right after the other in at least {@value #LEAST_RUNS} runs and every tenth, whatever was asked; whoever makes a macro of
 * them spares the agent so many moves. They are {@value #SHORTEST} to {@value #LONGEST} long: a longer one is reported in parts. One action repeated is a loop, and none.
 *
 * <p>Of those that overlap, the one that spares most is reported; another if enough runs have it, mostly beside what is reported already. A place is the same in every app:
 * sequences that touch alike are one.
 *
 * <p>500 runs of 300 moves take 0.9 s at most, and some 30 MB beside the runs.
 */
final class SequenceRule {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 10;
    private static final int LEAST_RUNS = 5;
    private static final int EACH = 10;
    private static final int MOST = 20;

    /** What spares most is first; of those that spare the same the longer, and then, so that it is always the same, the one of the newest run. */
    private static final Comparator<Sequence> BEST = Comparator.comparingInt(SequenceRule::spared)
            .thenComparingInt(Sequence::length)
            .reversed()
            .thenComparingInt(sequence -> sequence.starts().findFirst().orElse(0));

    /** @param runs newest first */
    static List<Insight> of(List<RunDigest> runs) {
        int least = Math.max(LEAST_RUNS, (runs.size() + EACH - 1) / EACH);
        Sequences sequences = new Sequences(runs);
        List<Sequence> best = sequences.closed(least, LONGEST).stream()
                .filter(sequence -> sequence.length() >= SHORTEST
                        && sequences.moves(sequence).stream().distinct().count() > 1)
                .sorted(BEST)
                .toList();
        BitSet reportedPlaces = new BitSet();
        List<Sequence> reported = new ArrayList<>();
        for (Sequence sequence : best) {
            if (reported.size() < MOST
                    && sequence.starts()
                                    .filter(start -> isNew(start, sequence, reportedPlaces))
                                    .count()
                            >= least) {
                reported.add(sequence);
                sequence.starts().forEach(start -> reportedPlaces.set(start, start + sequence.length()));
            }
        }
        return reported.stream()
                .map(sequence -> insight(sequence, sequences, runs.size()))
                .toList();
    }

    private static int spared(Sequence sequence) {
        return sequence.runs() * sequence.length();
    }

    /** Whether two of three of its moves there are in none that is reported. */
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
                        sequences.moves(sequence).stream().map(Move::told).toList(),
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
