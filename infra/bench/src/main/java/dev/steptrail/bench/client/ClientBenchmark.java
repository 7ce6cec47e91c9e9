package dev.steptrail.bench.client;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.TemporaryFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures the time that recording takes on the agent's thread, with JMH and a new JVM per round and system. */
public final class ClientBenchmark implements Benchmark {
    private static final int ROUNDS = 3;
    private static final String BASELINE = "BatchSpanProcessor";

    @Override
    public String description() {
        return "The time of one call on the agent's thread, in bursts of " + Bursts.BURST + " calls that are all"
                + " accepted, from 1 or 4 threads. `record` enqueues a prebuilt item; `build and record` also builds"
                + " it, with the same attributes. Steptrail writes to a file. The exporter of the baseline does"
                + " nothing.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        List<Measurement> rows = new ArrayList<>();
        for (int threads : new int[] {1, 4}) {
            String suffix = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
            rows.add(row("record" + suffix, "record", threads, Threshold.atMost(2.0), rounds));
            rows.add(row("build and record" + suffix, "buildAndRecord", threads, Threshold.NONE, rounds));
        }
        return rows;
    }

    private static Measurement row(String name, String method, int threads, Threshold threshold, Rounds rounds)
            throws Exception {
        List<Double> steptrail = new ArrayList<>();
        List<Double> baseline = new ArrayList<>();
        for (int round = 0; round < rounds.count(ROUNDS); round++) {
            steptrail.addAll(measure("steptrail", method, threads, rounds));
            baseline.addAll(measure(BASELINE, method, threads, rounds));
        }
        return new Measurement(name, BASELINE, median(steptrail), median(baseline), "ns", threshold);
    }

    private static double median(List<Double> values) {
        return Measurement.median(
                values.stream().flatMapToDouble(DoubleStream::of).toArray());
    }

    /** Returns the nanoseconds per call of each iteration. */
    private static List<Double> measure(String system, String method, int threads, Rounds rounds) throws Exception {
        Path folder = Files.createTempDirectory("bench-client");
        try {
            RunResult result = new Runner(new OptionsBuilder()
                            .include(Bursts.class.getName() + "\\." + method + "$")
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
            TemporaryFolders.delete(folder);
        }
    }
}
