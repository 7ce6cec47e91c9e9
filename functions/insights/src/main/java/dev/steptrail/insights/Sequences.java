package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds sequences of consecutive moves that occur in several runs. Proceeds length by length, because a frequent
 * sequence consists of two shorter frequent ones. Each length takes one scan of the moves. The number of frequent
 * sequences of a length is at most the number of moves divided by the minimum support.
 */
final class Sequences {
    /** The moves of all runs, each replaced by its leader. Null after each run, so that sequences end there. */
    private final @Nullable Move[] moves;

    private final int[] stepNumbers;

    /** The index of each move's run. */
    private final int[] runs;

    private final List<RunDigest> ofRuns;

    Sequences(List<RunDigest> ofRuns) {
        this.ofRuns = ofRuns;
        int size = ofRuns.stream().mapToInt(run -> run.path().size() + 1).sum();
        moves = new @Nullable Move[size];
        stepNumbers = new int[size];
        runs = new int[size];
        MoveGroups alike = new MoveGroups();
        int at = 0;
        for (int run = 0; run < ofRuns.size(); run++) {
            for (Move move : ofRuns.get(run).path()) {
                moves[at] = alike.leader(move);
                stepNumbers[at] = move.stepNumber();
                runs[at++] = run;
            }
            runs[at++] = run;
        }
    }

    /** The two parts of a sequence: all moves but the last, and all but the first. */
    private record Pair(Sequence first, Sequence second) {}

    /** Returns the sequences in at least {@code minRuns} runs whose extensions to {@code maxLength} occur in fewer. */
    List<Sequence> closed(int minRuns, int maxLength) {
        @Nullable Sequence[] at = singles();
        List<Sequence> all = new ArrayList<>();
        for (int length = 2; length <= maxLength; length++) {
            Map<Pair, Sequence> longer = longer(at, length);
            longer.values().removeIf(sequence -> sequence.count < minRuns);
            longer.forEach((pair, sequence) -> {
                pair.first().isPartOf(sequence);
                pair.second().isPartOf(sequence);
            });
            all.addAll(longer.values());
            at = places(at, longer);
        }
        return all.stream().filter(sequence -> !sequence.isPart).toList();
    }

    private @Nullable Sequence[] singles() {
        Map<Move, Sequence> known = new HashMap<>();
        @Nullable Sequence[] at = new @Nullable Sequence[moves.length];
        for (int i = 0; i < moves.length; i++) {
            Move move = moves[i];
            at[i] = move == null ? null : known.computeIfAbsent(move, any -> new Sequence(1));
        }
        return at;
    }

    private Map<Pair, Sequence> longer(@Nullable Sequence[] at, int length) {
        Map<Pair, Sequence> longer = new HashMap<>();
        for (int i = 0; i + 1 < at.length; i++) {
            Sequence first = at[i];
            Sequence second = at[i + 1];
            if (first != null && second != null) {
                longer.computeIfAbsent(new Pair(first, second), pair -> new Sequence(length))
                        .add(i, runs);
            }
        }
        return longer;
    }

    /** Returns the longer sequence that starts at each index. */
    private static @Nullable Sequence[] places(@Nullable Sequence[] at, Map<Pair, Sequence> longer) {
        @Nullable Sequence[] places = new @Nullable Sequence[at.length];
        for (int i = 0; i + 1 < at.length; i++) {
            Sequence first = at[i];
            Sequence second = at[i + 1];
            places[i] = first == null || second == null ? null : longer.get(new Pair(first, second));
        }
        return places;
    }

    RunDigest run(int place) {
        return ofRuns.get(runs[place]);
    }

    StepOfRun step(int place) {
        return new StepOfRun(run(place).taskId(), stepNumbers[place]);
    }

    /** Returns the moves of a sequence, each replaced by its leader. */
    List<Move> moves(Sequence sequence) {
        int first = sequence.starts[0];
        return Arrays.stream(moves, first, first + sequence.length)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** A sequence of moves, and the index of its first occurrence in each run. */
    static final class Sequence {
        private final int length;
        private int[] starts = new int[2];
        private int count;
        private int lastRun = -1;
        private boolean isPart;

        private Sequence(int length) {
            this.length = length;
        }

        private void add(int place, int[] runs) {
            if (runs[place] == lastRun) {
                return;
            }
            lastRun = runs[place];
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
            }
            starts[count++] = place;
        }

        private void isPartOf(Sequence longer) {
            isPart |= longer.count == count;
        }

        int length() {
            return length;
        }

        /** Returns the number of runs that contain it. */
        int runs() {
            return count;
        }

        /** Returns the index of its first occurrence in each run that contains it, in the order of the runs. */
        IntStream starts() {
            return Arrays.stream(starts, 0, count);
        }
    }
}
