package dev.steptrail.bench;

import java.util.List;
import java.util.stream.Collectors;

/** Formats RESULTS.md. The section of each benchmark is enclosed in HTML comments. */
final class Results {
    private static final String TABLE_HEAD = """
        | measurement | baseline | Steptrail | baseline value | ratio | threshold | result |
        |---|---|---|---|---|---|---|
        """;

    private Results() {}

    /** Returns the page with the benchmark's section replaced, or appended if it is missing. */
    static String replaceSection(String page, Benchmark benchmark, String conditions, List<Measurement> measured) {
        String begin = "<!-- " + benchmark.name() + " -->\n";
        String end = "<!-- end of " + benchmark.name() + " -->\n";
        String rows = measured.stream().map(Measurement::toTableRow).collect(Collectors.joining("\n"));
        String section = begin + "## " + benchmark.name() + "\n\n" + benchmark.description() + "\n\n" + TABLE_HEAD
                + rows + "\n\n" + conditions + "\n" + end;
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        return from < 0 || to < from
                ? page.stripTrailing() + "\n\n" + section
                : page.substring(0, from) + section + page.substring(to + end.length());
    }
}
