package dev.steptrail.insights;

import dev.steptrail.insights.Insight.EvidenceStep;
import dev.steptrail.insights.SequenceMiner.Sequence;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reports sequences of {@value #MIN_LENGTH} to {@value #MAX_LENGTH} consecutive actions that occur in at least
 * {@value #MIN_TASKS} tasks and at least {@value #MIN_TASK_PERCENT} % of all tasks, regardless of the instruction. A
 * macro could replace them. Longer sequences are reported in parts. Repetitions of a single action are not reported.
 *
 * <p>Of overlapping sequences, the one that would save the most actions is reported first. Another one is reported only
 * if, in the minimum number of tasks, at least two thirds of it are outside the sequences reported so far. The app is
 * ignored, so touches of the same place in different apps are equal.
 *
 * <p>500 tasks of 300 moves take at most 0.9 s, and about 30 MB in addition to the tasks.
 */
final class SequenceRule {
    private static final int MIN_LENGTH = 3;
    private static final int MAX_LENGTH = 10;
    private static final int MIN_TASKS = 5;
    private static final int MIN_TASK_PERCENT = 10;
    private static final int MAX_REPORTED = 20;

    /** Sorts by saved moves and length, both descending, and then by position, so that the order is deterministic. */
    private static final Comparator<Sequence> BY_SAVINGS = Comparator.comparingInt(SequenceRule::savedMoves)
            .thenComparingInt(Sequence::length)
            .reversed()
            .thenComparingInt(sequence -> sequence.starts().findFirst().orElse(0));

    /** @param tasks newest first */
    static List<Insight> evaluate(List<TaskDigest> tasks) {
        int minTasks = Math.max(MIN_TASKS, (tasks.size() * MIN_TASK_PERCENT + 99) / 100);
        SequenceMiner miner = new SequenceMiner(tasks);
        List<Sequence> candidates = miner.findClosed(minTasks, MAX_LENGTH).stream()
                .filter(sequence -> sequence.length() >= MIN_LENGTH
                        && miner.moves(sequence).stream().distinct().count() > 1)
                .sorted(BY_SAVINGS)
                .toList();
        BitSet reportedPositions = new BitSet();
        List<Sequence> reported = new ArrayList<>();
        for (Sequence sequence : candidates) {
            if (reported.size() < MAX_REPORTED
                    && sequence.starts()
                                    .filter(start -> isMostlyUnreported(start, sequence, reportedPositions))
                                    .count()
                            >= minTasks) {
                reported.add(sequence);
                sequence.starts().forEach(start -> reportedPositions.set(start, start + sequence.length()));
            }
        }
        return reported.stream()
                .map(sequence -> createInsight(sequence, miner, tasks.size()))
                .toList();
    }

    private static int savedMoves(Sequence sequence) {
        return sequence.taskCount() * sequence.length();
    }

    /** Returns whether at least two thirds of the sequence's moves are not part of a reported sequence. */
    private static boolean isMostlyUnreported(int start, Sequence sequence, BitSet reported) {
        int end = start + sequence.length();
        int reportedMoves = reported.get(start, end).cardinality();
        return 3 * reportedMoves <= sequence.length();
    }

    private static Insight createInsight(Sequence sequence, SequenceMiner miner, int totalTasks) {
        List<EvidenceStep> steps = sequence.starts().mapToObj(miner::step).toList();
        return new Insight(
                "frequent_sequence",
                steps.stream().map(EvidenceStep::taskId).toList(),
                steps,
                Map.of(
                        "actions",
                        miner.moves(sequence).stream().map(Move::text).toList(),
                        "tasks",
                        sequence.taskCount(),
                        "of_tasks",
                        totalTasks,
                        "instructions",
                        sequence.starts()
                                .mapToObj(start -> miner.task(start).instruction())
                                .distinct()
                                .count()));
    }
}
