package dev.steptrail.bench;

import dev.steptrail.bench.coldstart.ColdStartBenchmark;
import dev.steptrail.bench.database.IngestBenchmark;
import dev.steptrail.bench.database.ReadsBenchmark;
import dev.steptrail.bench.viewer.ViewerBenchmark;
import java.nio.file.Files;
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

/** Runs benchmarks by name, prints one row per measurement, and writes the rows to RESULTS.md. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Measures Steptrail and baselines. Exit code 1: a threshold was missed.")
final class Bench implements Callable<Integer> {
    private static final List<Benchmark> BENCHMARKS = List.of(
            new ClientBenchmark(),
            new AgentBenchmark(),
            new PythonBenchmark(),
            new IngestBenchmark(),
            new ReadsBenchmark(),
            new ViewerBenchmark(),
            new ColdStartBenchmark());
    private static final String NAMES =
            String.join(", ", BENCHMARKS.stream().map(Benchmark::name).toList());

    @Spec
    private CommandSpec spec;

    @Option(names = "--results", required = true, hidden = true, description = "The file with the results.")
    private Path results;

    @Option(
            names = "--quick",
            description = "Measure only once, to check that a benchmark works. Does not write RESULTS.md; exit code 0.")
    private boolean quick;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The benchmarks to run, or all.")
    private List<String> names;

    @SuppressWarnings("NullAway.Init") // picocli sets them
    Bench() {}

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Bench());
        command.getCommandSpec().usageMessage().footer("Benchmarks: " + NAMES + ".");
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        boolean allMet = true;
        for (Benchmark benchmark : selectedBenchmarks()) {
            List<Measurement> measured = benchmark.run(new Rounds(quick));
            measured.stream().map(Measurement::toTableRow).forEach(System.out::println);
            if (!quick) {
                Files.writeString(
                        results,
                        Results.replaceTable(
                                Files.readString(results), benchmark.name(), conditions(benchmark), measured));
                allMet &= measured.stream().allMatch(Measurement::isThresholdMet);
            }
        }
        return allMet ? 0 : 1;
    }

    private List<Benchmark> selectedBenchmarks() {
        for (String name : names) {
            if (!name.equals("all") && BENCHMARKS.stream().map(Benchmark::name).noneMatch(name::equals)) {
                throw new ParameterException(
                        spec.commandLine(), "unknown benchmark '" + name + "' (expected " + NAMES + ", or all)");
            }
        }
        return BENCHMARKS.stream()
                .filter(benchmark -> names.contains("all") || names.contains(benchmark.name()))
                .toList();
    }

    private static String conditions(Benchmark benchmark) {
        return "Measured %s on %d cores, JDK %s, %s %s%s."
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version().feature(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        benchmark.versions());
    }
}
