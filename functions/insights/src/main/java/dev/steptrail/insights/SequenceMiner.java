package dev.steptrail.insights;

import dev.steptrail.insights.Insight.EvidenceStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds sequences of consecutive moves that occur in several tasks. Extends frequent sequences by one move at a time,
 * because each part of a frequent sequence is frequent too (Apriori). Each length takes one scan of the moves. The
 * number of frequent sequences of a length is at most the number of moves divided by the minimum number of tasks.
 */
final class SequenceMiner {
    /** The moves of all tasks, each replaced by its group's leader. Null after each task, so no sequence spans two. */
    private final @Nullable Move[] moves;

    private final int[] stepNumbers;
    private final int[] taskIndexes;
    private final List<TaskDigest> tasks;

    SequenceMiner(List<TaskDigest> tasks) {
        this.tasks = tasks;
        int size = tasks.stream().mapToInt(task -> task.path().size() + 1).sum();
        moves = new @Nullable Move[size];
        stepNumbers = new int[size];
        taskIndexes = new int[size];
        MoveGroups groups = new MoveGroups();
        int position = 0;
        for (int task = 0; task < tasks.size(); task++) {
            for (Move move : tasks.get(task).path()) {
                moves[position] = groups.leader(move);
                stepNumbers[position] = move.stepNumber();
                taskIndexes[position++] = task;
            }
            taskIndexes[position++] = task;
        }
    }

    /** The two overlapping parts of a sequence: all moves except the last, and all moves except the first. */
    private record Pair(Sequence first, Sequence second) {}

    /**
     * Returns the sequences of 2 to {@code maxLength} moves that occur in at least {@code minTasks} tasks. Omits a
     * sequence if a longer sequence of at most {@code maxLength} moves contains it and occurs in as many tasks.
     */
    List<Sequence> findClosed(int minTasks, int maxLength) {
        @Nullable Sequence[] startingAt = singleMoves();
        List<Sequence> all = new ArrayList<>();
        for (int length = 2; length <= maxLength; length++) {
            Map<Pair, Sequence> longer = extend(startingAt, length);
            longer.values().removeIf(sequence -> sequence.count < minTasks);
            longer.forEach((pair, sequence) -> {
                pair.first().compareExtension(sequence);
                pair.second().compareExtension(sequence);
            });
            all.addAll(longer.values());
            startingAt = sequencesByStart(startingAt, longer);
        }
        return all.stream()
                .filter(sequence -> !sequence.hasEquallyFrequentExtension)
                .toList();
    }

    private @Nullable Sequence[] singleMoves() {
        Map<Move, Sequence> byMove = new HashMap<>();
        @Nullable Sequence[] startingAt = new @Nullable Sequence[moves.length];
        for (int i = 0; i < moves.length; i++) {
            Move move = moves[i];
            startingAt[i] = move == null ? null : byMove.computeIfAbsent(move, any -> new Sequence(1));
        }
        return startingAt;
    }

    private Map<Pair, Sequence> extend(@Nullable Sequence[] startingAt, int length) {
        Map<Pair, Sequence> longer = new HashMap<>();
        for (int i = 0; i + 1 < startingAt.length; i++) {
            Sequence first = startingAt[i];
            Sequence second = startingAt[i + 1];
            if (first != null && second != null) {
                longer.computeIfAbsent(new Pair(first, second), pair -> new Sequence(length))
                        .add(i, taskIndexes);
            }
        }
        return longer;
    }

    /** Returns the sequence that starts at each position; null if there is none. */
    private static @Nullable Sequence[] sequencesByStart(@Nullable Sequence[] shorter, Map<Pair, Sequence> longer) {
        @Nullable Sequence[] startingAt = new @Nullable Sequence[shorter.length];
        for (int i = 0; i + 1 < shorter.length; i++) {
            Sequence first = shorter[i];
            Sequence second = shorter[i + 1];
            startingAt[i] = first == null || second == null ? null : longer.get(new Pair(first, second));
        }
        return startingAt;
    }

    TaskDigest task(int position) {
        return tasks.get(taskIndexes[position]);
    }

    EvidenceStep step(int position) {
        return new EvidenceStep(task(position).taskId(), stepNumbers[position]);
    }

    /** Returns the moves of a sequence, each replaced by its group's leader. */
    List<Move> moves(Sequence sequence) {
        int first = sequence.starts[0];
        return Arrays.stream(moves, first, first + sequence.length)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** A sequence of moves, with the position of its first occurrence in each task. */
    static final class Sequence {
        private final int length;
        private int[] starts = new int[2];
        private int count;
        private int lastTask = -1;
        private boolean hasEquallyFrequentExtension;

        private Sequence(int length) {
            this.length = length;
        }

        private void add(int position, int[] taskIndexes) {
            if (taskIndexes[position] == lastTask) {
                return;
            }
            lastTask = taskIndexes[position];
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
            }
            starts[count++] = position;
        }

        private void compareExtension(Sequence longer) {
            hasEquallyFrequentExtension |= longer.count == count;
        }

        int length() {
            return length;
        }

        /** Returns the number of tasks that contain the sequence. */
        int taskCount() {
            return count;
        }

        /** Returns the first position in each task that contains the sequence, in the order of the tasks. */
        IntStream starts() {
            return Arrays.stream(starts, 0, count);
        }
    }
}
