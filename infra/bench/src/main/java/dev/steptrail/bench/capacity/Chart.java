package dev.steptrail.bench.capacity;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lines over time, in panels one below the other, as SVG that suits a light page and a dark one.
 *
 * @param title what all of it shows
 * @param minutes how long the time is
 * @param shade a time that is marked in all panels
 */
record Chart(String title, double minutes, Shade shade, List<Panel> panels) {
    private static final int WIDTH = 800;
    private static final int LEFT = 70;
    private static final int RIGHT = 30;
    private static final int TOP = 40;
    private static final int PANEL = 150;
    private static final int BETWEEN = 50;
    private static final int LEVELS = 4;
    private static final int TIMES = 5;

    private static final String STYLE = """
            <style>
              text { font: 12px system-ui, sans-serif; fill: #1f2328; }
              .title { font-size: 15px; font-weight: 600; }
              .shade { fill: #cf222e; fill-opacity: .12; }
              path { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
              .grid { stroke: #8c959f; stroke-opacity: .4; stroke-width: 1; }
              .c0 { stroke: #0969da; } .c1 { stroke: #bc4c00; stroke-dasharray: 5 3; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; }
                .shade { fill: #ff7b72; fill-opacity: .18; }
                .c0 { stroke: #58a6ff; } .c1 { stroke: #f0883e; }
              }
            </style>
            """;

    /** From one minute to another, and what it is. */
    record Shade(String name, double from, double to) {}

    /** One diagram; its axis begins at 0. */
    record Panel(String name, List<Line> lines) {
        double most() {
            return lines.stream()
                    .flatMapToDouble(line -> line.values().stream().mapToDouble(v -> v))
                    .max()
                    .orElse(1);
        }
    }

    /** A value for each moment, evenly over the time. */
    record Line(String name, List<Double> values) {
        static Line of(String name, DoubleStream values) {
            return new Line(name, values.boxed().toList());
        }
    }

    String svg() {
        int height = TOP + panels.size() * (PANEL + BETWEEN);
        String drawn = IntStream.range(0, panels.size())
                .mapToObj(i -> panel(panels.get(i), TOP + 30 + i * (PANEL + BETWEEN)))
                .collect(Collectors.joining());
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                %s<text class="title" x="%d" y="24">%s</text>
                %s</svg>
                """.formatted(WIDTH, height, title, STYLE, LEFT, title, drawn);
    }

    private String panel(Panel panel, int top) {
        double scale = rounded(panel.most());
        StringBuilder drawn = new StringBuilder();
        if (shade.to() > shade.from()) {
            drawn.append(text(
                    "<rect class=\"shade\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                    x(shade.from()), top, x(shade.to()) - x(shade.from()), PANEL));
            drawn.append(text("<text x=\"%.1f\" y=\"%d\">%s</text>", x(shade.from()) + 6, top + 16, shade.name()));
        }
        for (int level = 0; level <= LEVELS; level++) {
            double y = top + PANEL - (double) PANEL * level / LEVELS;
            drawn.append(text("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, WIDTH - RIGHT));
            drawn.append(text(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 8, y + 4, label(scale * level / LEVELS)));
        }
        for (int time = 0; time <= TIMES; time++) {
            drawn.append(text(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s min</text>",
                    x(minutes * time / TIMES), top + PANEL + 16, label(minutes * time / TIMES)));
        }
        drawn.append(text("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, top - 8, panel.name()));
        for (int i = 0; i < panel.lines().size(); i++) {
            Line line = panel.lines().get(i);
            drawn.append(text("<path class=\"c%d\" d=\"%s\"/>", i, path(line, top, scale)));
            drawn.append(text("<path class=\"c%d\" d=\"M%d %dh24\"/>", i, WIDTH - RIGHT - 340 + 190 * i, top - 12));
            drawn.append(
                    text("<text x=\"%d\" y=\"%d\">%s</text>", WIDTH - RIGHT - 310 + 190 * i, top - 8, line.name()));
        }
        return drawn.toString();
    }

    private String path(Line line, int top, double scale) {
        int last = Math.max(1, line.values().size() - 1);
        return "M"
                + IntStream.range(0, line.values().size())
                        .mapToObj(i -> String.format(
                                Locale.ROOT,
                                "%.1f %.1f",
                                x(minutes * i / last),
                                top + PANEL * (1 - line.values().get(i) / scale)))
                        .collect(Collectors.joining("L"));
    }

    private double x(double minute) {
        return LEFT + (WIDTH - LEFT - RIGHT) * minute / minutes;
    }

    /** The least of 1, 2, 4, 6, 8 times a power of ten that is not less, so that quarters of it are short numbers. */
    private static double rounded(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-9))));
        return DoubleStream.of(1, 2, 4, 6, 8, 10)
                .map(times -> times * power)
                .filter(step -> step >= most)
                .findFirst()
                .orElse(most);
    }

    private static String label(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
