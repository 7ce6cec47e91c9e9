package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Sql;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one table that belong to the tasks of a list, in the order of the list, with one page in memory. A
 * page may contain the rows of many tasks. Not thread-safe.
 */
final class ItemsOfTasks<R extends Record> {
    private static final int PAGE_SIZE = 100;

    /** Postgres sorts by {@code number} without reading more tasks than this page needs (incremental sort). */
    private static final String PAGE = """
            SELECT item.*
              FROM unnest(?::uuid[]) WITH ORDINALITY AS listed (listed_id, number)
             CROSS JOIN LATERAL (SELECT *
                                   FROM %1$s
                                  WHERE task_id = listed_id
                                %2$s ORDER BY %3$s
                                  LIMIT %4$d) AS item
             ORDER BY number, %3$s
             LIMIT %4$d
            """;

    private record Item<R>(UUID taskId, R row) {}

    /** Reads the page after a row; the first page after null. */
    private final Function<@Nullable Item<R>, List<Item<R>>> reader;

    private Iterator<Item<R>> page = Collections.emptyIterator();
    private boolean hasMore = true;
    private @Nullable Item<R> last;
    private @Nullable Item<R> next;

    interface Filter<R> {
        /**
         * Returns the conditions of the rows to read.
         *
         * @param last the last row that was read; null before the first. The conditions exclude this row and the rows
         *     before it from the rows of the first task, whose {@code number} is 1.
         */
        Conditions after(@Nullable R last);
    }

    /**
     * @param table has the column {@code task_id}
     * @param order the order of the rows of a task
     */
    ItemsOfTasks(
            Database database,
            List<UUID> taskIds,
            String table,
            RecordMapper<R> mapper,
            String order,
            Filter<R> filter) {
        this.reader = before -> {
            List<UUID> rest =
                    before == null ? taskIds : taskIds.subList(taskIds.indexOf(before.taskId()), taskIds.size());
            Conditions after = filter.after(before == null ? null : before.row());
            return database.readInAutoCommit(session -> session.sql(
                            PAGE.formatted(table, after.sql(), order, PAGE_SIZE), Sql.array("uuid", rest), after)
                    .list(row -> new Item<>(row.getObject("task_id", UUID.class), mapper.map(row))));
        };
    }

    /** Returns the next row of any task, which remains the next one; null after the last row. */
    private @Nullable Item<R> peek() {
        if (next == null && !page.hasNext() && hasMore) {
            List<Item<R>> rows = reader.apply(last);
            hasMore = rows.size() == PAGE_SIZE;
            page = rows.iterator();
        }
        if (next == null && page.hasNext()) {
            next = page.next();
            last = next;
        }
        return next;
    }

    /** Returns the rows of a task. The rows of the tasks before it in the list must have been read. */
    Iterator<R> of(UUID taskId) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                Item<R> item = peek();
                return item != null && item.taskId().equals(taskId);
            }

            @Override
            public R next() {
                Item<R> item = peek();
                if (item == null || !item.taskId().equals(taskId)) {
                    throw new NoSuchElementException();
                }
                next = null;
                return item.row();
            }
        };
    }
}
