package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Slow steps, against their own history: one took at least {@value #TIMES} times as long as the same move mostly takes in the runs of this text,
 * and far longer than it varies. A move's history needs {@value #LEAST} times that it was made. The figures tell how many they are
 * ({@code steps}), and of the one that took most times as long as usual its {@code action}, {@code duration_ms} and {@code usual_ms}.
 *
 * <p>Told only of moves that are known to be the same: at a place, of an app, of a key; a wait that was meant to take as long; and what was typed, which in
 * the runs of one text is mostly the same. A person takes the time that it takes. Of more than 5,000 different moves, those that only the oldest runs made are
 * left out.
 *
 * <p>500 runs of 300 moves take half a second.
 */
final class SlowStepRule {
    private static final int LEAST = 10;
    private static final double TIMES = 3.5;
    private static final double DEVIATIONS = 4;

    /** Of the logarithm: a move that always takes the same must not make a little more look like much. */
    private static final double LEAST_SPREAD = 0.15;

    private record Timed(RunDigest run, Move move, long durationMs) {
        double logarithm() {
            return Math.log((double) durationMs);
        }

        StepOfRun step() {
            return new StepOfRun(run.taskId(), move.stepNumber());
        }
    }

    /** @param usual the logarithm of what the same move mostly takes */
    private record Slow(Timed timed, double usual) {
        double excess() {
            return timed.logarithm() - usual;
        }
    }

    static List<Insight> of(TextHistory history) {
        List<Slow> slow = byMove(history).stream()
                .filter(made -> made.size() >= LEAST)
                .flatMap(made -> slow(made).stream())
                .sorted(Comparator.comparing((Slow step) -> step.timed().run().startedAt())
                        .reversed())
                .toList();
        return slow.stream()
                .max(Comparator.comparingDouble(Slow::excess))
                .map(worst -> new Insight(
                        "slow_step",
                        slow.stream()
                                .map(step -> step.timed().run().taskId())
                                .distinct()
                                .toList(),
                        slow.stream().map(step -> step.timed().step()).toList(),
                        Map.of(
                                "steps", slow.size(),
                                "action", worst.timed().move().told(),
                                "duration_ms", worst.timed().durationMs(),
                                "usual_ms", Math.round(Math.exp(worst.usual())))))
                .stream()
                .toList();
    }

    private static List<Slow> slow(List<Timed> made) {
        double[] logarithms = made.stream().mapToDouble(Timed::logarithm).toArray();
        double usual = Statistics.median(logarithms);
        double most =
                usual + Math.max(Math.log(TIMES), DEVIATIONS * Math.max(LEAST_SPREAD, Statistics.spread(logarithms)));
        return made.stream()
                .filter(timed -> timed.logarithm() > most)
                .map(timed -> new Slow(timed, usual))
                .toList();
    }

    /** Moves that are alike, together. */
    private static Collection<List<Timed>> byMove(TextHistory history) {
        AlikeMoves alike = new AlikeMoves();
        Map<Move, List<Timed>> byLeader = new LinkedHashMap<>();
        for (RunDigest run : TextHistory.newestFirst(history.those(any -> true))) {
            for (Move move : run.path()) {
                Long durationMs = move.durationMs();
                Move leader = durationMs == null || durationMs <= 0 || !isComparable(move) ? null : alike.leader(move);
                if (durationMs != null && leader != null) {
                    byLeader.computeIfAbsent(leader, any -> new ArrayList<>()).add(new Timed(run, move, durationMs));
                }
            }
        }
        return byLeader.values();
    }

    private static boolean isComparable(Move move) {
        return !ActionNames.asksAPerson(move.name())
                && !ActionNames.ends(move.name())
                && (hasTarget(move) || ActionNames.isKey(move.name()) || ActionNames.types(move.name()));
    }

    private static boolean hasTarget(Move move) {
        return move.place() != null || !move.target().isEmpty();
    }
}
