package dev.steptrail.bench.capacity;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Steps a second that are sent and written, from one sample to the next. */
final class Rates {
    private Rates() {}

    static Chart.Panel panel(List<Sample> samples) {
        return new Chart.Panel(
                "steps a second",
                List.of(
                        Chart.Line.of("written", rates(samples, Sample::writtenSteps)),
                        Chart.Line.of("sent", rates(samples, Sample::sentSteps))));
    }

    private static DoubleStream rates(List<Sample> samples, ToLongFunction<Sample> count) {
        return IntStream.range(1, samples.size())
                .mapToDouble(i -> (count.applyAsLong(samples.get(i)) - count.applyAsLong(samples.get(i - 1)))
                        / ((samples.get(i).at() - samples.get(i - 1).at()) / 1e6));
    }
}
