package dev.steptrail.insights;

import dev.steptrail.insights.Insight.EvidenceStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports slow steps. A step is slow if it took at least {@value #MIN_FACTOR} times the median duration of the same
 * move in the tasks with this instruction, and clearly more than the usual variation. The move must occur at least
 * {@value #MIN_OCCURRENCES} times. The figures are the number of slow steps ({@code steps}) and, for the step that is
 * slowest relative to its median, {@code action}, {@code duration_ms} and {@code usual_ms} (the median).
 *
 * <p>Only moves with a target (such as a place, an app or the length of a wait), keys and text input are compared.
 * Take-over requests and finish are excluded. If there are more than 5,000 different moves, moves that occur only in
 * the oldest tasks are ignored.
 *
 * <p>500 tasks of 300 moves take half a second.
 */
final class SlowStepRule {
    private static final int MIN_OCCURRENCES = 10;
    private static final double MIN_FACTOR = 3.5;
    private static final double DEVIATIONS_ABOVE_MEDIAN = 4;

    /** The minimum deviation of the logarithm, so that small differences of a nearly constant move are not reported. */
    private static final double MIN_DEVIATION = 0.15;

    private record TimedMove(TaskDigest task, Move move, long durationMs) {
        double logarithm() {
            return Math.log((double) durationMs);
        }

        EvidenceStep step() {
            return new EvidenceStep(task.taskId(), move.stepNumber());
        }
    }

    /** @param medianLogarithm the logarithm of the move's median duration */
    private record SlowMove(TimedMove timed, double medianLogarithm) {
        double excess() {
            return timed.logarithm() - medianLogarithm;
        }
    }

    static List<Insight> evaluate(InstructionHistory history) {
        List<SlowMove> slow = groupByMove(history).stream()
                .filter(occurrences -> occurrences.size() >= MIN_OCCURRENCES)
                .flatMap(occurrences -> findSlow(occurrences).stream())
                .sorted(Comparator.comparing(
                                (SlowMove step) -> step.timed().task().startedAt())
                        .reversed())
                .toList();
        return slow.stream()
                .max(Comparator.comparingDouble(SlowMove::excess))
                .map(worst -> new Insight(
                        "slow_step",
                        slow.stream()
                                .map(step -> step.timed().task().taskId())
                                .distinct()
                                .toList(),
                        slow.stream().map(step -> step.timed().step()).toList(),
                        Map.of(
                                "steps", slow.size(),
                                "action", worst.timed().move().text(),
                                "duration_ms", worst.timed().durationMs(),
                                "usual_ms", Math.round(Math.exp(worst.medianLogarithm())))))
                .stream()
                .toList();
    }

    private static List<SlowMove> findSlow(List<TimedMove> occurrences) {
        double[] logarithms =
                occurrences.stream().mapToDouble(TimedMove::logarithm).toArray();
        double median = Statistics.median(logarithms);
        double threshold = median
                + Math.max(
                        Math.log(MIN_FACTOR),
                        DEVIATIONS_ABOVE_MEDIAN * Math.max(MIN_DEVIATION, Statistics.robustDeviation(logarithms)));
        return occurrences.stream()
                .filter(timed -> timed.logarithm() > threshold)
                .map(timed -> new SlowMove(timed, median))
                .toList();
    }

    private static Collection<List<TimedMove>> groupByMove(InstructionHistory history) {
        MoveGroups groups = new MoveGroups();
        Map<Move, List<TimedMove>> byLeader = new LinkedHashMap<>();
        for (TaskDigest task : InstructionHistory.newestFirst(history.select(any -> true))) {
            for (Move move : task.path()) {
                Long durationMs = move.durationMs();
                Move leader = durationMs == null || durationMs <= 0 || !isComparable(move) ? null : groups.leader(move);
                if (durationMs != null && leader != null) {
                    byLeader.computeIfAbsent(leader, any -> new ArrayList<>())
                            .add(new TimedMove(task, move, durationMs));
                }
            }
        }
        return byLeader.values();
    }

    private static boolean isComparable(Move move) {
        return !ActionNames.isTakeOver(move.name())
                && !ActionNames.isFinish(move.name())
                && (hasTarget(move) || ActionNames.isKey(move.name()) || ActionNames.isTextInput(move.name()));
    }

    private static boolean hasTarget(Move move) {
        return move.place() != null || !move.target().isEmpty();
    }
}
