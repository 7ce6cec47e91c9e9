package dev.steptrail.shipper.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Objects of an API's list in columns, a line each; the last column may be as long as it likes. */
final class Table {
    private static final String GAP = "  ";

    private Table() {}

    /** @param fields what to show of each, under their names */
    static List<String> lines(List<JsonNode> objects, String... fields) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(fields).stream().map(Table::title).toList());
        for (JsonNode object : objects) {
            rows.add(List.of(fields).stream()
                    .map(field -> cell(object.path(field)))
                    .toList());
        }
        int[] widths = new int[fields.length - 1];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String title(String field) {
        return field.toUpperCase(Locale.ROOT).replace('_', ' ');
    }

    /** A value as people read it. */
    static String cell(JsonNode value) {
        if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(cell(part)));
            return parts.isEmpty() ? "-" : String.join(",", parts);
        }
        return value.isNull() || value.isMissingNode() ? "-" : value.asText();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i))
                    .append(" ".repeat(widths[i] - row.get(i).length()))
                    .append(GAP);
        }
        return line.append(row.get(widths.length)).toString();
    }
}
