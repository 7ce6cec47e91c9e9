package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Objects of an API's list in columns, a line each, as they come: a head goes before the first, and a column that was too
 * narrow for what comes later is wider from then on. The last one may be as long as it likes, and ends where the terminal does.
 */
final class Table {
    private static final String GAP = "  ";

    /** So much of the last column is shown in a terminal that is too narrow, which then breaks the line. */
    private static final int LEAST = 20;

    private record Column(String title, Function<JsonNode, String> cell) {}

    private final List<Column> columns = new ArrayList<>();
    private final int terminal;
    private int[] widths = {};

    Table() {
        this(Terminal.columns());
    }

    Table(int terminalColumns) {
        this.terminal = terminalColumns;
    }

    /** Shows these fields, under their names. */
    Table fields(String... names) {
        for (String name : names) {
            column(title(name), object -> JsonCell.of(object.path(name)));
        }
        return this;
    }

    Table column(String title, Function<JsonNode, String> cell) {
        columns.add(new Column(title, cell));
        return this;
    }

    private static String title(String field) {
        return field.toUpperCase(Locale.ROOT).replace('_', ' ');
    }

    /** The next lines. */
    List<String> lines(List<JsonNode> objects) {
        List<List<String>> rows = new ArrayList<>();
        if (widths.length == 0) {
            widths = new int[columns.size()];
            rows.add(columns.stream().map(Column::title).toList());
        }
        for (JsonNode object : objects) {
            rows.add(columns.stream().map(column -> column.cell().apply(object)).toList());
        }
        for (List<String> row : rows) {
            Arrays.setAll(widths, i -> Math.max(widths[i], TextWidth.of(row.get(i))));
        }
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        int last = row.size() - 1;
        for (int i = 0; i < last; i++) {
            String cell = row.get(i);
            line.append(cell).append(" ".repeat(widths[i] - TextWidth.of(cell))).append(GAP);
            used += widths[i] + GAP.length();
        }
        return line.append(TextWidth.cut(row.get(last), Math.max(LEAST, terminal - used)))
                .toString();
    }
}
