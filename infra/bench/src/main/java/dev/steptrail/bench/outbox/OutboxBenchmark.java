package dev.steptrail.bench.outbox;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Jmh;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/** What the writer thread does with a record. */
public final class OutboxBenchmark implements Benchmark {
    @Override
    public String name() {
        return "outbox";
    }

    @Override
    public String description() {
        return "One step of about 1 KB made JSON and appended to its task's file, against Jackson's databind making the same JSON of ready "
                + "maps and one `FileChannel.write` of it. Neither forces it to the disk.";
    }

    @Override
    public List<Measurement> run() throws RunnerException {
        Map<String, Double> nanos =
                Jmh.medians(Appends.class, "(steptrail|plain)", options -> options.measurementIterations(20)
                        .measurementTime(TimeValue.milliseconds(100)));
        return List.of(new Measurement(
                "append a step",
                "Jackson + FileChannel.write",
                nanos.getOrDefault("steptrail", Double.NaN),
                nanos.getOrDefault("plain", Double.NaN),
                "ns",
                new Bar.AtMost(1.3)));
    }
}
