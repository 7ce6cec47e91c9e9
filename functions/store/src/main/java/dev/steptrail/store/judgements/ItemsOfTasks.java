package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageIterator;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Sql;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
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

    private final PageIterator<Item<R>> items;
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
        this.items = new PageIterator<>(last -> {
            List<UUID> rest = last == null ? taskIds : taskIds.subList(taskIds.indexOf(last.taskId()), taskIds.size());
            Conditions after = filter.after(last == null ? null : last.row());
            List<Item<R>> rows = database.readInAutoCommit(session -> session.sql(
                            PAGE.formatted(table, after.sql(), order, PAGE_SIZE), Sql.array("uuid", rest), after)
                    .list(row -> new Item<>(row.getObject("task_id", UUID.class), mapper.map(row))));
            return new Page<>(rows, rows.size() == PAGE_SIZE);
        });
    }

    /** Returns the rows of a task. The rows of the tasks before it in the list must have been read. */
    Iterator<R> of(UUID taskId) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (next == null && items.hasNext()) {
                    next = items.next();
                }
                return next != null && next.taskId().equals(taskId);
            }

            @Override
            public R next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException();
                }
                R row = next.row();
                next = null;
                return row;
            }
        };
    }
}
