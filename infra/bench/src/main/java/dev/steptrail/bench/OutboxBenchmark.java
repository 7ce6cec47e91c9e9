package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures the time in which the writer thread encodes and appends a record. */
public final class OutboxBenchmark implements Benchmark {
    @Override
    public String description() {
        return "The time to encode a step of about 1 KB as JSON and append it to the task's file. The baseline is"
                + " Jackson's databind, which encodes the same JSON from maps, and one `FileChannel.write`. Neither"
                + " forces the file to the disk.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws RunnerException {
        Map<String, Double> nanos = Jmh.measureMedians(
                AppendLoop.class, "(steptrail|plain)", rounds, options -> options.measurementIterations(
                                rounds.count(30))
                        .measurementTime(TimeValue.milliseconds(100)));
        return List.of(new Measurement(
                "append a step",
                "Jackson + FileChannel.write",
                nanos.getOrDefault("steptrail", Double.NaN),
                nanos.getOrDefault("plain", Double.NaN),
                "ns",
                Threshold.atMost(1.3)));
    }
}
