package dev.steptrail.bench.coldstart;

import dev.steptrail.bench.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Starts functions in turns, one after the other and then the other way round, so that what disturbs the machine disturbs all. */
final class Starts {
    private static final int ROUNDS = 15;

    private final List<Contestant> contestants;

    private record Entry(Contestant contestant, LambdaRuntime runtime) {}

    Starts(List<Contestant> contestants) {
        this.contestants = List.copyOf(contestants);
    }

    /** The median time to the first response of each, in milliseconds, by what it is called. */
    Map<String, Double> medians(LambdaRuntime runtime) throws IOException, InterruptedException {
        return measured(contestants.stream()
                .map(contestant -> new Entry(contestant, runtime))
                .toList());
    }

    /** The same, where each has an archive of the classes that it loaded until it had answered once. */
    Map<String, Double> archivedMedians(LambdaRuntime runtime, Path folder) throws IOException, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        for (Contestant contestant : contestants) {
            Path file = folder.resolve(contestant.name() + "-" + runtime.jdk().version() + ".jsa");
            contestant.start(runtime.with(new LambdaRuntime.Archive(file, true)));
            entries.add(new Entry(contestant, runtime.with(new LambdaRuntime.Archive(file, false))));
        }
        return measured(entries);
    }

    private static Map<String, Double> measured(List<Entry> entries) throws IOException, InterruptedException {
        Map<String, List<Double>> times = new TreeMap<>();
        List<Entry> order = new ArrayList<>(entries);
        for (int round = -1; round < ROUNDS; round++) { // once before any is counted
            for (Entry entry : order) {
                double time = entry.contestant().start(entry.runtime());
                if (round >= 0) {
                    times.computeIfAbsent(entry.contestant().name(), name -> new ArrayList<>())
                            .add(time);
                }
            }
            Collections.reverse(order);
        }
        Map<String, Double> medians = new TreeMap<>();
        times.forEach((name, all) -> medians.put(
                name,
                Measurement.median(all.stream().mapToDouble(Double::doubleValue).toArray())));
        return medians;
    }
}
