package dev.steptrail.bench;

import java.util.List;
import java.util.stream.Collectors;

/** RESULTS.md: a {@link MarkedPart} for each benchmark. */
final class Results {
    private static final String TABLE_HEAD = """
            | what | peer | ours | peer's | ratio | bar | |
            |---|---|---|---|---|---|---|
            """;

    private Results() {}

    /** {@code page} with the benchmark's part replaced, or added at the end. */
    static String with(String page, Benchmark benchmark, String conditions, List<Measurement> measured) {
        return MarkedPart.with(page, benchmark.name(), part(benchmark, conditions, measured));
    }

    private static String part(Benchmark benchmark, String conditions, List<Measurement> measured) {
        String rows = measured.stream().map(Measurement::row).collect(Collectors.joining("\n"));
        return "## " + benchmark.name() + "\n\n" + benchmark.description() + "\n\n" + TABLE_HEAD + rows + "\n\n"
                + conditions + "\n";
    }
}
