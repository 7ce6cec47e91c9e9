package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports steps that are slow compared with their own history: a step took at least {@value #MIN_FACTOR} times the
 * median of the same move in the runs with this instruction, and far more than its usual variation. The history must
 * contain the move at least {@value #MIN_OCCURRENCES} times. The figures contain the number of slow steps
 * ({@code steps}) and, for the slowest relative to its median, {@code action}, {@code duration_ms} and
 * {@code usual_ms}.
 *
 * <p>Only comparable moves are considered: those with a place or an app, keys, waits of the same length, and typing,
 * whose text is mostly the same in the runs with one instruction. Requests for a person are not. If there are more than
 * 5,000 different moves, those that only the oldest runs contain are ignored.
 *
 * <p>500 runs of 300 moves take half a second.
 */
final class SlowStepRule {
    private static final int MIN_OCCURRENCES = 10;
    private static final double MIN_FACTOR = 3.5;
    private static final double DEVIATIONS = 4;

    /**
     * A lower bound of the spread of the logarithm, so that small deviations of a very constant move are not reported.
     */
    private static final double MIN_SPREAD = 0.15;

    private record Timed(RunDigest run, Move move, long durationMs) {
        double logarithm() {
            return Math.log((double) durationMs);
        }

        StepOfRun step() {
            return new StepOfRun(run.taskId(), move.stepNumber());
        }
    }

    /** @param usual the logarithm of the move's median duration */
    private record Slow(Timed timed, double usual) {
        double excess() {
            return timed.logarithm() - usual;
        }
    }

    static List<Insight> of(TextHistory history) {
        List<Slow> slow = byMove(history).stream()
                .filter(occurrences -> occurrences.size() >= MIN_OCCURRENCES)
                .flatMap(occurrences -> slow(occurrences).stream())
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
                                "action", worst.timed().move().text(),
                                "duration_ms", worst.timed().durationMs(),
                                "usual_ms", Math.round(Math.exp(worst.usual())))))
                .stream()
                .toList();
    }

    private static List<Slow> slow(List<Timed> occurrences) {
        double[] logarithms = occurrences.stream().mapToDouble(Timed::logarithm).toArray();
        double usual = Statistics.median(logarithms);
        double threshold = usual
                + Math.max(
                        Math.log(MIN_FACTOR),
                        DEVIATIONS * Math.max(MIN_SPREAD, Statistics.robustDeviation(logarithms)));
        return occurrences.stream()
                .filter(timed -> timed.logarithm() > threshold)
                .map(timed -> new Slow(timed, usual))
                .toList();
    }

    /** Groups similar moves. */
    private static Collection<List<Timed>> byMove(TextHistory history) {
        MoveGroups alike = new MoveGroups();
        Map<Move, List<Timed>> byLeader = new LinkedHashMap<>();
        for (RunDigest run : TextHistory.newestFirst(history.select(any -> true))) {
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
