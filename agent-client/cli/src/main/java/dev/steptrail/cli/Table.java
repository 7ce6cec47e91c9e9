package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Formats objects of an API's list in columns, page by page: a heading precedes the first page, and a column becomes wider when
 * a later page needs that. The last column is cut at the width of the terminal.
 */
final class Table {
    /** The least width of the last column, even if a narrow terminal then wraps the line. */
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
            field(name.toUpperCase(Locale.ROOT).replace('_', ' '), name);
        }
        return this;
    }

    Table field(String title, String name) {
        return column(title, object -> JsonCell.of(object.path(name)));
    }

    /** Shows a time, to the second. */
    Table time(String title, String name) {
        return column(title, object -> JsonCell.time(object.path(name)));
    }

    Table yesNo(String title, String name) {
        return column(title, object -> object.path(name).asBoolean() ? "yes" : "no");
    }

    Table column(String title, Function<JsonNode, String> cell) {
        columns.add(new Column(title, cell));
        return this;
    }

    /** Formats the next page. */
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
            Arrays.setAll(widths, i -> Math.max(widths[i], Terminal.width(row.get(i))));
        }
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        int last = row.size() - 1;
        for (int i = 0; i < last; i++) {
            String cell = row.get(i);
            line.append(cell)
                    .append(" ".repeat(widths[i] - Terminal.width(cell)))
                    .append("  ");
            used += widths[i] + 2;
        }
        return line.append(Terminal.cut(row.get(last), Math.max(LEAST, terminal - used)))
                .toString();
    }
}
