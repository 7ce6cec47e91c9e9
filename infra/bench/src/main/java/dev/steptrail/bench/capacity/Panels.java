package dev.steptrail.bench.capacity;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What is drawn of samples. */
final class Panels {
    private Panels() {}

    /** Steps a second that are sent and written, from one sample to the next. */
    static Chart.Panel steps(List<Sample> samples) {
        return new Chart.Panel(
                "steps a second",
                List.of(
                        Chart.Line.of("written", rates(samples, Sample::writtenSteps)),
                        Chart.Line.of("sent", rates(samples, Sample::sentSteps))));
    }

    static Chart.Panel messages(List<Sample> samples) {
        return new Chart.Panel(
                "messages",
                List.of(
                        Chart.Line.of("sent, not written", samples.stream().mapToDouble(Sample::backlog)),
                        Chart.Line.of("received and hidden", samples.stream().mapToDouble(Sample::inFlight))));
    }

    /** @param unit such as {@code seconds}, which has so many microseconds */
    static Chart.Panel oldest(List<Sample> samples, String unit, double micros) {
        return new Chart.Panel(
                "age, " + unit,
                List.of(Chart.Line.of(
                        "the oldest message", samples.stream().mapToDouble(sample -> sample.oldestAge() / micros))));
    }

    private static DoubleStream rates(List<Sample> samples, ToLongFunction<Sample> count) {
        return IntStream.range(1, samples.size())
                .mapToDouble(i -> (count.applyAsLong(samples.get(i)) - count.applyAsLong(samples.get(i - 1)))
                        / ((samples.get(i).at() - samples.get(i - 1).at()) / 1e6));
    }
}
