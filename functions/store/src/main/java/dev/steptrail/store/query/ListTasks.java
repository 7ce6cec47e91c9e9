package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskColumns;
import dev.steptrail.store.model.TaskFilter;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which tasks are there, newest first? */
public final class ListTasks {
    private static final String SQL = """
            SELECT %s
              FROM tasks
             WHERE deleted_at IS NULL
               AND (started_at, task_id) < (?, ?)
            %s ORDER BY started_at DESC, task_id DESC
             LIMIT ?
            """;

    /** After every task there can be. */
    private static final Key NEWEST = new Key(Instant.parse("9999-12-31T23:59:59.999999Z"), new UUID(-1L, -1L));

    private final Database database;

    public ListTasks(Database database) {
        this.database = database;
    }

    /** A task's place in the list; it changes while the task is not announced. */
    public record Key(Instant startedAt, UUID taskId) {
        /** Where {@code task} stands. */
        public static Key of(Task task) {
            return new Key(task.startedAt(), task.taskId());
        }
    }

    /**
     * A page of the list, smaller than {@code limit} where its rows are large.
     *
     * @param after where the page before ended, or null for the first
     * @param limit at least 1
     */
    public Page<Task> page(TaskFilter filter, @Nullable Key after, int limit) {
        Key from = after == null ? NEWEST : after;
        Conditions conditions = filter.conditions();
        return PageReader.page(database, limit, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(SQL.formatted(TaskColumns.ALL, conditions.sql()))) {
                statement.setObject(1, from.startedAt().atOffset(ZoneOffset.UTC));
                statement.setObject(2, from.taskId());
                statement.setInt(conditions.bind(statement, 3), limit + 1);
                return PageReader.read(statement, limit, TaskColumns::task, ListTasks::size);
            }
        });
    }

    private static long size(Task task) {
        return PageReader.length(
                task.name(),
                task.description(),
                task.agent(),
                task.model(),
                task.deviceId(),
                task.message(),
                task.losses(),
                task.metadata(),
                task.startedFields(),
                task.endedFields());
    }
}
