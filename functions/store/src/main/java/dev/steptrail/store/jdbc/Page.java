package dev.steptrail.store.jdbc;

import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list. Methods that return a page take the last item of the previous page (null for the first) and a limit
 * of at least 1.
 *
 * @param hasMore whether the list continues after the last of {@code items}
 */
public record Page<T>(List<T> items, boolean hasMore) {
    /** The approximate maximum size of a page in bytes. A row is added if the preceding rows are smaller in total. */
    public static final long MAX_BYTES = 4L * 1024 * 1024;

    /** The number of rows per fetch, which limits the memory for a page of large rows. */
    static final int FETCH_SIZE = 128;

    public Page {
        items = List.copyOf(items);
    }

    /** Reads a page. If one fetch returns all rows, uses auto-commit mode, which saves a round trip. */
    public static <T> Page<T> read(Database database, int limit, Session.Work<Page<T>> work) {
        return isOneFetch(limit) ? database.readInAutoCommit(work) : database.read(work);
    }

    /**
     * Reads a page of a table with the column {@code id}, newest first.
     *
     * @param before the last id of the previous page; null for the first page
     */
    public static <R extends Record> Page<R> newestFirst(
            Database database,
            RecordMapper<R> mapper,
            String table,
            Conditions conditions,
            @Nullable Long before,
            int limit,
            ToLongFunction<R> size) {
        String text = """
                SELECT %s
                  FROM %s
                 WHERE id < ?
                %s ORDER BY id DESC
                 LIMIT ?
                """.formatted(mapper.columns(), table, conditions.sql());
        long from = before == null ? Long.MAX_VALUE : before;
        return read(database, limit, session -> session.sql(text, from, conditions, limit + 1)
                .page(limit, mapper, size));
    }

    public static boolean isOneFetch(int limit) {
        return limit < FETCH_SIZE;
    }

    /** Returns the length of these texts in characters. Their length in UTF-8 is up to three times that. */
    public static long length(@Nullable String... texts) {
        long length = 0;
        for (String text : texts) {
            length += text == null ? 0 : text.length();
        }
        return length;
    }
}
