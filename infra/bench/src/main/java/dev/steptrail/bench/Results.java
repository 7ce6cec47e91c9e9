package dev.steptrail.bench;

import java.util.List;
import java.util.stream.Collectors;

/** RESULTS.md: a part for each benchmark, between marks that a person who reads it does not see. */
final class Results {
    private static final String TABLE_HEAD = """
            | what | peer | ours | peer's | ratio | bar | |
            |---|---|---|---|---|---|---|
            """;

    private Results() {}

    /** {@code page} with the benchmark's part replaced, or added at the end. */
    static String with(String page, Benchmark benchmark, String conditions, List<Measurement> measured) {
        String begin = "<!-- " + benchmark.name() + " -->\n";
        String end = "<!-- end of " + benchmark.name() + " -->\n";
        String part = begin + part(benchmark, conditions, measured) + end;
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            return page.stripTrailing() + "\n\n" + part;
        }
        return page.substring(0, from) + part + page.substring(to + end.length());
    }

    private static String part(Benchmark benchmark, String conditions, List<Measurement> measured) {
        String rows = measured.stream().map(Measurement::row).collect(Collectors.joining("\n"));
        return "## " + benchmark.name() + "\n\n" + benchmark.description() + "\n\n" + TABLE_HEAD + rows + "\n\n"
                + conditions + "\n";
    }
}
