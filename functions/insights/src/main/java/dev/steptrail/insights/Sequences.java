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
 * Which moves come again in the same order, one right after the other, in several runs? Length by length: what is frequent consists of two shorter ones that are, so each
 * length costs one pass over the moves, and at no time are there more frequent ones of a length than moves by the least support.
 */
final class Sequences {
    /** The moves of all runs, run by run, each by its leader; null after each run, so that nothing goes on over it. */
    private final @Nullable Move[] moves;

    private final int[] stepNumbers;

    /** Whose these are, by their place among all runs. */
    private final int[] runs;

    private final List<RunDigest> ofRuns;

    Sequences(List<RunDigest> ofRuns) {
        this.ofRuns = ofRuns;
        int size = ofRuns.stream().mapToInt(run -> run.path().size() + 1).sum();
        moves = new @Nullable Move[size];
        stepNumbers = new int[size];
        runs = new int[size];
        AlikeMoves alike = new AlikeMoves();
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

    /** The two of which one consists: all but its last move, all but its first. */
    private record Pair(Sequence first, Sequence second) {}

    /** Those of up to {@code longest} moves that are in so many runs, and in fewer runs if made longer, as far as that is allowed. */
    List<Sequence> closed(int leastRuns, int longest) {
        @Nullable Sequence[] at = singles();
        List<Sequence> all = new ArrayList<>();
        for (int length = 2; length <= longest; length++) {
            Map<Pair, Sequence> longer = longer(at, length);
            longer.values().removeIf(sequence -> sequence.count < leastRuns);
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

    /** Where which of the longer ones begins. */
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

    /** Its moves, each by its leader. */
    List<Move> moves(Sequence sequence) {
        int first = sequence.starts[0];
        return Arrays.stream(moves, first, first + sequence.length)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** Moves in this order, and where they first come in each run. */
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

        /** In how many runs it is. */
        int runs() {
            return count;
        }

        /** Where it first comes, a place for each run that has it, in the order of the runs. */
        IntStream starts() {
            return Arrays.stream(starts, 0, count);
        }
    }
}
