package dev.steptrail.bench.client;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Jmh;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** Measures the time that recording takes on the agent's thread. */
public final class ClientBenchmark implements Benchmark {
    private static final String STEPTRAIL = "steptrail";

    @Override
    public String description() {
        return "The time of one call on the agent's thread, in bursts of " + Bursts.BURST + " calls that are all"
                + " accepted, from 1 or 4 threads. `record` enqueues a prebuilt item; `build and record` also builds"
                + " it, with the same attributes. Steptrail writes to a file, as does the baseline"
                + " `BatchSpanProcessor to a file`. The exporters of the other baselines do nothing.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        List<Measurement> rows = new ArrayList<>();
        for (int threads : new int[] {1, 4}) {
            String suffix = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
            Map<String, Double> record = measure("record", threads, rounds);
            rows.add(row("record" + suffix, "BatchSpanProcessor", record, Threshold.atMost(2.0)));
            rows.add(row("record" + suffix, "BatchSpanProcessor to a file", record, Threshold.NONE));
            rows.add(row("record" + suffix, "AsyncReporter", record, Threshold.NONE));
            rows.add(row("record" + suffix, "MPSC", record, Threshold.NONE));
            Map<String, Double> build = measure("buildAndRecord", threads, rounds);
            rows.add(row("build and record" + suffix, "BatchSpanProcessor", build, Threshold.NONE));
            rows.add(row("build and record" + suffix, "AsyncReporter", build, Threshold.NONE));
        }
        return rows;
    }

    private static Measurement row(String name, String baseline, Map<String, Double> nanos, Threshold threshold) {
        return new Measurement(
                name,
                baseline,
                nanos.getOrDefault(STEPTRAIL, Double.NaN),
                nanos.getOrDefault(baseline, Double.NaN),
                "ns",
                threshold);
    }

    private static Map<String, Double> measure(String method, int threads, Rounds rounds) throws RunnerException {
        return Jmh.measureMedians(Bursts.class, method, rounds, options -> options.threads(threads));
    }
}
