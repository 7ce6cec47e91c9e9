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
    private static final String OURS = "steptrail";

    @Override
    public String description() {
        return "What one call costs the agent's thread, in bursts of " + Bursts.BURST
                + " none of which is refused, by 1 thread and by 4. "
                + "`record` hands over what is ready; `make and record` makes it first, with the same attributes. "
                + "Steptrail's steps go to a file, and so do the spans of one of the baselines. The exporters of the others do nothing.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        List<Measurement> rows = new ArrayList<>();
        for (int threads : new int[] {1, 4}) {
            String by = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
            Map<String, Double> record = measure("record", threads, rounds);
            rows.add(row("record" + by, "BatchSpanProcessor", record, Threshold.atMost(1.0)));
            rows.add(row("record" + by, "BatchSpanProcessor to a file", record, Threshold.NONE));
            rows.add(row("record" + by, "AsyncReporter", record, Threshold.atMost(1.0)));
            rows.add(row("record" + by, "MPSC", record, Threshold.NONE));
            Map<String, Double> make = measure("makeAndRecord", threads, rounds);
            rows.add(row("make and record" + by, "BatchSpanProcessor", make, Threshold.atMost(0.5)));
            rows.add(row("make and record" + by, "AsyncReporter", make, Threshold.NONE));
        }
        return rows;
    }

    private static Measurement row(String name, String baseline, Map<String, Double> nanos, Threshold threshold) {
        return new Measurement(
                name,
                baseline,
                nanos.getOrDefault(OURS, Double.NaN),
                nanos.getOrDefault(baseline, Double.NaN),
                "ns",
                threshold);
    }

    private static Map<String, Double> measure(String method, int threads, Rounds rounds) throws RunnerException {
        return Jmh.medians(Bursts.class, method, rounds, options -> options.threads(threads));
    }
}
