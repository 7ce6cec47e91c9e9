package dev.steptrail.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Formats JSON objects as a table, page by page. A heading precedes the first page. A column becomes wider if a later
 * page needs it. The last column is truncated at the width of the terminal.
 */
public final class Table {
    /** The minimum width of the last column, even if a narrow terminal then wraps the line. */
    private static final int MIN_LAST_COLUMN_WIDTH = 20;

    private record Column(String title, Function<JsonNode, String> cell) {}

    private final List<Column> columns = new ArrayList<>();
    private final ZoneId zone;
    private final int terminalColumns;
    private int[] widths = {};

    /** @param zone the time zone in which times are printed */
    public Table(ZoneId zone) {
        this(zone, Terminal.columns());
    }

    Table(ZoneId zone, int terminalColumns) {
        this.zone = zone;
        this.terminalColumns = terminalColumns;
    }

    /** Adds a column for each field, with the field's name as the title. Names that end with {@code _at} are times. */
    public Table fields(String... names) {
        for (String name : names) {
            String title = name.toUpperCase(Locale.ROOT).replace('_', ' ');
            if (name.endsWith("_at")) {
                time(title, name);
            } else {
                field(title, name);
            }
        }
        return this;
    }

    public Table field(String title, String name) {
        return column(title, object -> TextFormat.text(object.path(name)));
    }

    /** Adds a column with a time, to the second, with its offset. */
    public Table time(String title, String name) {
        return column(title, object -> TextFormat.time(object.path(name), zone));
    }

    public Table yesNo(String title, String name) {
        return column(title, object -> object.path(name).asBoolean() ? "yes" : "no");
    }

    /** Adds the columns of pass rates to a table of experiments or statistics. */
    public Table passRates() {
        return column("PASS RATE", object -> TextFormat.percent(object.path("pass_rate")))
                .column("CLAIMED", object -> TextFormat.percent(object.path("claimed_pass_rate")))
                .column("VERIFIED", object -> TextFormat.percent(object.path("verified_pass_rate")));
    }

    /** Adds the columns of tokens and cost to a table of tasks, steps or statistics. */
    public Table usage() {
        return column("TOKENS", object -> TextFormat.tokens(object.path("usage")))
                .column("COST", object -> TextFormat.cost(object.path("cost")));
    }

    public Table column(String title, Function<JsonNode, String> cell) {
        columns.add(new Column(title, cell));
        return this;
    }

    /** Formats the next page as lines of text. */
    public List<String> lines(List<JsonNode> objects) {
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
        return line.append(Terminal.truncate(row.get(last), Math.max(MIN_LAST_COLUMN_WIDTH, terminalColumns - used)))
                .toString();
    }
}
