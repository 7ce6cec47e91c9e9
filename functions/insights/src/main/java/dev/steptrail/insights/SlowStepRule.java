package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Slow steps, against their own history: one took at least {@value #TIMES} times as long as the same move mostly takes in the runs of this text, and far longer than it
 * varies. A move's history needs {@value #LEAST} times that it was made.
 */
final class SlowStepRule implements TextRule {
    private static final int LEAST = 10;
    private static final double TIMES = 3.5;
    private static final double DEVIATIONS = 4;

    /** Of the logarithm: a move that always takes the same must not make a little more look like much. */
    private static final double LEAST_SPREAD = 0.15;

    private record Timed(RunDigest run, Move move, double logarithm) {}

    @Override
    public List<Insight> of(TextHistory history) {
        List<List<Timed>> moves = byMove(history);
        List<Timed> slow = new ArrayList<>();
        for (List<Timed> made : moves) {
            if (made.size() >= LEAST) {
                double[] logarithms =
                        made.stream().mapToDouble(Timed::logarithm).toArray();
                double usual = Numbers.median(logarithms);
                double most = usual
                        + Math.max(Math.log(TIMES), DEVIATIONS * Math.max(LEAST_SPREAD, Numbers.spread(logarithms)));
                made.stream().filter(timed -> timed.logarithm() > most).forEach(slow::add);
            }
        }
        if (slow.isEmpty()) {
            return List.of();
        }
        slow.sort(Comparator.comparing((Timed timed) -> timed.run().startedAt()).reversed());
        return List.of(new Insight(
                "slow_step",
                slow.stream().map(timed -> timed.run().taskId()).distinct().toList(),
                slow.stream()
                        .map(timed ->
                                new StepOfRun(timed.run().taskId(), timed.move().stepNumber()))
                        .toList(),
                Map.of("steps", slow.size())));
    }

    /** Moves that are alike, together: they differ in their target by little, so the first of a name that is like one stands for all. */
    private static List<List<Timed>> byMove(TextHistory history) {
        Map<String, List<List<Timed>>> byName = new HashMap<>();
        for (RunDigest run : history.those(any -> true)) {
            for (Move move : run.path()) {
                if (move.durationMs() != null && move.durationMs() > 0) {
                    Timed timed = new Timed(run, move, Math.log(move.durationMs()));
                    List<List<Timed>> ofName = byName.computeIfAbsent(move.name(), name -> new ArrayList<>());
                    ofName.stream()
                            .filter(alike -> alike.get(0).move().isLike(move))
                            .findFirst()
                            .ifPresentOrElse(alike -> alike.add(timed), () -> ofName.add(first(timed)));
                }
            }
        }
        return byName.values().stream().flatMap(List::stream).toList();
    }

    private static List<Timed> first(Timed timed) {
        List<Timed> alike = new ArrayList<>();
        alike.add(timed);
        return alike;
    }
}
