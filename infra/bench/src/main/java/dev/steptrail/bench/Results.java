package dev.steptrail.bench;

import java.util.List;
import java.util.stream.Collectors;

/** The file RESULTS.md. The section of each benchmark is enclosed in markers that are invisible on the rendered page. */
final class Results {
    private static final String TABLE_HEAD = """
        | what | baseline | ours | baseline's | ratio | threshold | |
        |---|---|---|---|---|---|---|
        """;

    private Results() {}

    /** Returns the page with the benchmark's section replaced, or appended if it is missing. */
    static String with(String page, Benchmark benchmark, String conditions, List<Measurement> measured) {
        String begin = "<!-- " + benchmark.name() + " -->\n";
        String end = "<!-- end of " + benchmark.name() + " -->\n";
        String rows = measured.stream().map(Measurement::row).collect(Collectors.joining("\n"));
        String part = begin + "## " + benchmark.name() + "\n\n" + benchmark.description() + "\n\n" + TABLE_HEAD + rows
                + "\n\n" + conditions + "\n" + end;
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        return from < 0 || to < from
                ? page.stripTrailing() + "\n\n" + part
                : page.substring(0, from) + part + page.substring(to + end.length());
    }
}
