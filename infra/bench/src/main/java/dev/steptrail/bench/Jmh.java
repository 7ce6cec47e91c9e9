package dev.steptrail.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** JMH in rounds: in each, every system has a new JVM, so that what disturbs the machine for a while disturbs all of them. */
public final class Jmh {
    private static final int ROUNDS = 3;

    private Jmh() {}

    /**
     * The median of all iterations, by the parameter {@code system} or, where there is none, by method.
     *
     * @param methods those of {@code benchmarks} to run, as a regular expression
     */
    public static Map<String, Double> medians(
            Class<?> benchmarks, String methods, UnaryOperator<ChainedOptionsBuilder> settings) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmarks.getName() + "\\." + methods + "$")
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true);
        Map<String, List<Double>> scores = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (RunResult result : new Runner(settings.apply(options).build()).run()) {
                List<Double> ofSystem = scores.computeIfAbsent(system(result), name -> new ArrayList<>());
                for (IterationResult iteration : iterations(result)) {
                    ofSystem.add(iteration.getPrimaryResult().getScore());
                }
            }
        }
        return scores.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        scored -> Measurement.median(scored.getValue().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray())));
    }

    private static String system(RunResult result) {
        BenchmarkParams params = result.getParams();
        String system = params.getParam("system");
        return system == null ? result.getPrimaryResult().getLabel() : system;
    }

    private static List<IterationResult> iterations(RunResult result) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .toList();
    }
}
