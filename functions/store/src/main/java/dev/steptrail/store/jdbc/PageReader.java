package dev.steptrail.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Reads as many rows as a page may hold, and learns whether there are more. */
public final class PageReader {
    /** What a page holds at most, roughly: a row is taken as long as those before it are smaller. */
    public static final long MAX_BYTES = 4L * 1024 * 1024;

    /** Rows fetched at a time, so that a page of huge rows does not come into memory whole. */
    private static final int FETCH = 128;

    /** Reads one row. */
    public interface Row<T> {
        T of(ResultSet rows) throws SQLException;
    }

    private PageReader() {}

    /** Has a page read: without a round trip that ends a transaction where one fetch brings all its rows. */
    public static <T> Page<T> page(Database database, int limit, Database.Work<Page<T>> work) {
        return isOneFetch(limit) ? database.readOnce(work) : database.read(work);
    }

    public static boolean isOneFetch(int limit) {
        return limit < FETCH;
    }

    /**
     * Reads at most {@code limit} rows, and fewer where their size exceeds an answer's.
     *
     * @param statement asks for one row more than {@code limit}
     */
    public static <T> Page<T> read(PreparedStatement statement, int limit, Row<T> row, ToLongFunction<T> size)
            throws SQLException {
        statement.setFetchSize(Math.min(limit + 1, FETCH));
        List<T> items = new ArrayList<>();
        long bytes = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                if (items.size() == limit || bytes >= MAX_BYTES) {
                    return new Page<>(items, true);
                }
                T item = row.of(rows);
                items.add(item);
                bytes += size.applyAsLong(item);
            }
        }
        return new Page<>(items, false);
    }

    /** Their length in characters: in UTF-8 as much, or up to three times that. */
    public static long length(@Nullable String... texts) {
        long length = 0;
        for (String text : texts) {
            length += text == null ? 0 : text.length();
        }
        return length;
    }
}
