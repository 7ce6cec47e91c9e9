package dev.steptrail.bench;

import java.util.List;
import java.util.stream.Collectors;

/** Formats RESULTS.md. HTML comments enclose the table of each benchmark; the text above it is not generated. */
final class Results {
    private static final String TABLE_HEAD = """
        | measurement | baseline | Steptrail | baseline value | ratio | threshold | result |
        |---|---|---|---|---|---|---|
        """;

    private Results() {}

    /** Returns the page with the benchmark's table replaced, or appended if it is missing. */
    static String replaceTable(String page, String name, String conditions, List<Measurement> measured) {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- end of " + name + " -->\n";
        String rows = measured.stream().map(Measurement::toTableRow).collect(Collectors.joining("\n"));
        String table = begin + TABLE_HEAD + rows + "\n\n" + conditions + "\n" + end;
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        return from < 0 || to < from
                ? page.stripTrailing() + "\n\n## " + name + "\n\n" + table
                : page.substring(0, from) + table + page.substring(to + end.length());
    }
}
