package dev.steptrail.bench.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Rows of a table as COPY takes them, ready to be sent. */
public final class CopyText {
    private final Table table;
    private final byte[] text;

    private CopyText(Table table, byte[] text) {
        this.table = table;
        this.text = text;
    }

    /** The text of these rows. */
    public static CopyText of(Table table, Stream<List<@Nullable String>> rows) {
        return new CopyText(
                table, rows.map(CopyText::line).collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends it to a table that has these columns. */
    public void copyTo(String target, Connection connection) throws SQLException {
        String sql = "COPY %s (%s) FROM STDIN".formatted(target, table.columns());
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new ByteArrayInputStream(text), text.length);
        } catch (IOException e) {
            throw new SQLException("the text is in memory; the connection is not", e);
        }
    }

    private static String line(List<@Nullable String> row) {
        return row.stream().map(CopyText::escaped).collect(Collectors.joining("\t", "", "\n"));
    }

    private static String escaped(@Nullable String value) {
        return value == null
                ? "\\N"
                : value.replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r");
    }
}
