package dev.steptrail.bench;

import dev.steptrail.bench.api.ApiBenchmark;
import dev.steptrail.bench.client.ClientBenchmark;
import dev.steptrail.bench.coldstart.ColdStartBenchmark;
import dev.steptrail.bench.ingest.IngestBenchmark;
import dev.steptrail.bench.insights.InsightsBenchmark;
import dev.steptrail.bench.insights.MemoryBenchmark;
import dev.steptrail.bench.outbox.OutboxBenchmark;
import dev.steptrail.bench.reads.ReadsBenchmark;
import dev.steptrail.bench.viewer.ViewerBenchmark;
import dev.steptrail.bench.webp.WebpBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs benchmarks by name, prints a row a measurement, and keeps them in RESULTS.md. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Measures Steptrail beside its peers. Exit code 1: a bar was missed.")
final class Bench implements Callable<Integer> {
    private static final List<Benchmark> BENCHMARKS = List.of(
            new ClientBenchmark(),
            new OutboxBenchmark(),
            new WebpBenchmark(),
            new IngestBenchmark(),
            new ReadsBenchmark(),
            new ApiBenchmark(),
            new ViewerBenchmark(),
            new ColdStartBenchmark(),
            new InsightsBenchmark(),
            new MemoryBenchmark());
    private static final String PAGE_HEAD = """
            # Results

            Written by `infra/bench/run`. Each row is the median of several rounds in which ours and its peer ran side by side; the
            ratio is what counts, since machines differ. What a benchmark measures and how stands in its class.
            """;

    @Spec
    private CommandSpec spec;

    @Option(names = "--results", required = true, paramLabel = "FILE", description = "The page that keeps the results.")
    private Path results;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME",
            description =
                    "What to measure: client, outbox, webp, ingest, reads, api, viewer, coldstart, insights, "
                            + "insights-memory, or all.")
    private List<String> names;

    @SuppressWarnings("NullAway.Init") // picocli sets them
    Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Benchmark> chosen = chosen();
        boolean held = true;
        for (Benchmark benchmark : chosen) {
            List<Measurement> measured = benchmark.run();
            measured.stream().map(Measurement::row).forEach(System.out::println);
            Files.writeString(results, Results.with(page(), benchmark, conditions(), measured));
            held &= measured.stream().allMatch(Measurement::held);
        }
        return held ? 0 : 1;
    }

    private List<Benchmark> chosen() {
        List<String> known = BENCHMARKS.stream().map(Benchmark::name).toList();
        for (String name : names) {
            if (!name.equals("all") && !known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no benchmark is called " + name + "; there are " + String.join(", ", known));
            }
        }
        return BENCHMARKS.stream()
                .filter(benchmark -> names.contains("all") || names.contains(benchmark.name()))
                .toList();
    }

    private String page() throws IOException {
        try {
            return Files.readString(results);
        } catch (NoSuchFileException e) {
            return PAGE_HEAD;
        }
    }

    private static String conditions() {
        return "Measured %s on %d cores, JDK %s, %s %s."
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version().feature(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }
}
