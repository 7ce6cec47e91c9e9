package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures the time that recording takes on the agent's thread, with JMH and a new JVM per round and system. */
public final class ClientBenchmark implements Benchmark {
    private static final int ROUNDS = 3;
    private static final String BASELINE = "BatchSpanProcessor";

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        return List.of(row("record, 1 thread", 1, rounds), row("record, 4 threads", 4, rounds));
    }

    private static Measurement row(String name, int threads, Rounds rounds) throws Exception {
        List<Double> steptrail = new ArrayList<>();
        List<Double> baseline = new ArrayList<>();
        for (int round = 0; round < rounds.count(ROUNDS); round++) {
            steptrail.addAll(measure("steptrail", threads, rounds));
            baseline.addAll(measure(BASELINE, threads, rounds));
        }
        return new Measurement(name, BASELINE, median(steptrail), median(baseline), "ns", Threshold.atMost(2.0));
    }

    private static double median(List<Double> values) {
        return Measurement.median(
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Returns the nanoseconds per call of each iteration. */
    private static List<Double> measure(String system, int threads, Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-client");
        try {
            RunResult result = new Runner(new OptionsBuilder()
                            .include(Bursts.class.getName())
                            .param("system", system)
                            .param("folder", folder.toString())
                            .threads(threads)
                            .forks(1)
                            .warmupIterations(rounds.count(4))
                            .warmupTime(TimeValue.milliseconds(500))
                            .measurementIterations(rounds.count(6))
                            .measurementTime(TimeValue.milliseconds(500))
                            .shouldFailOnError(true)
                            .build())
                    .runSingle();
            return result.getAggregatedResult().getIterationResults().stream()
                    .map(iteration -> iteration.getPrimaryResult().getScore())
                    .toList();
        } finally {
            PathUtils.deleteDirectory(folder);
        }
    }
}
