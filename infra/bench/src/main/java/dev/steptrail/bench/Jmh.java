package dev.steptrail.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs JMH in rounds, with a new JVM per round and system, so that load on the machine affects all systems equally. */
public final class Jmh {
    private static final int ROUNDS = 3;

    private Jmh() {}

    /**
     * Runs benchmarks and returns their medians, keyed by the parameter {@code system} or, without it, by method.
     *
     * @param methods a regular expression that selects methods of {@code benchmarks}
     */
    public static Map<String, Double> measureMedians(
            Class<?> benchmarks, String methods, Rounds rounds, UnaryOperator<ChainedOptionsBuilder> settings)
            throws RunnerException {
        ChainedOptionsBuilder options = settings.apply(new OptionsBuilder()
                .include(benchmarks.getName() + "\\." + methods + "$")
                .forks(1)
                .warmupIterations(rounds.count(4))
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(rounds.count(6))
                .measurementTime(TimeValue.milliseconds(500))
                .shouldFailOnError(true));
        Map<String, List<Double>> scores = new TreeMap<>();
        for (int round = 0; round < rounds.count(ROUNDS); round++) {
            for (RunResult result : new Runner(options.build()).run()) {
                List<Double> systemScores = scores.computeIfAbsent(system(result), name -> new ArrayList<>());
                result.getBenchmarkResults().stream()
                        .flatMap(fork -> fork.getIterationResults().stream())
                        .forEach(iteration ->
                                systemScores.add(iteration.getPrimaryResult().getScore()));
            }
        }
        return scores.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Measurement.median(entry.getValue().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray())));
    }

    private static String system(RunResult result) {
        BenchmarkParams params = result.getParams();
        String system = params.getParam("system");
        return system == null ? result.getPrimaryResult().getLabel() : system;
    }
}
