package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads tasks, except deleted ones. */
public final class TaskRepository {
    private static final String FIND = """
            SELECT %s
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
            """.formatted(Task.ROW.columns());

    private static final String FIND_OWNED = FIND + "   AND owner = ?\n";

    private static final String LIST = """
            SELECT %s
              FROM tasks
             WHERE deleted_at IS NULL
               AND (started_at, task_id) < (?, ?)
            %%s ORDER BY started_at DESC, task_id DESC
             LIMIT ?
            """.formatted(Task.ROW.columns());

    static final int MAX_SEARCHED_TASKS = 10_000;

    /**
     * Counts all tasks in the range, but only the texts of those that pass the other conditions. Postgres reads the
     * length of a text from its header, without reading the text.
     */
    private static final String FIND_SEARCH_END = """
            SELECT started_at, task_id
              FROM (SELECT started_at,
                           task_id,
                           row_number() OVER in_order AS tasks,
                           sum(size) OVER in_order AS bytes
                      FROM (SELECT started_at,
                                   task_id,
                                   CASE WHEN true
                    %2$s THEN %3$s ELSE 0 END AS size
                              FROM tasks
                             WHERE deleted_at IS NULL
                               AND (started_at, task_id) < (?, ?)
                    %1$s ORDER BY started_at DESC, task_id DESC
                             LIMIT %4$d) AS in_range
                    WINDOW in_order AS (ORDER BY started_at DESC, task_id DESC)) AS searched
             WHERE bytes >= ?
                OR tasks = %4$d
             ORDER BY started_at DESC, task_id DESC
             LIMIT 1
            """;

    private static final String SEARCHED_BYTES =
            "coalesce(octet_length(name), 0) + coalesce(octet_length(description), 0)";

    /** Changes of a running task affect the version at most once per interval, because each batch changes the task. */
    private static final int RUNNING_INTERVAL_SECONDS = 300;

    private static final String VERSION = """
            SELECT concat_ws('.', count(*),
                             sum(hashtextextended(CASE WHEN status = 'running' THEN concat_ws('|', task_id, status)
                                                       ELSE concat_ws('|', task_id, status, end_reason, total_steps, conflicting_steps,
                                                                      extract(epoch FROM received_at)) END, 0)),
                             max(floor(extract(epoch FROM received_at) / %d)) FILTER (WHERE status = 'running'))
              FROM tasks
             WHERE deleted_at IS NULL
            %%s\
            """.formatted(RUNNING_INTERVAL_SECONDS);

    private static final String COUNT_DELETED = """
            SELECT count(*)
              FROM tasks
             WHERE deleted_at IS NOT NULL
            %s\
            """;

    /** Sorts after every task, so that a list from here starts with the newest task. */
    private static final Key AFTER_ALL_TASKS =
            new Key(Instant.parse("9999-12-31T23:59:59.999999Z"), new UUID(-1L, -1L));

    private static final RecordMapper<Key> KEY = RecordMapper.of(Key.class);

    private final Database database;

    public TaskRepository(Database database) {
        this.database = database;
    }

    /** The position of a task in the list. The position changes when {@code task_started} arrives. */
    public record Key(Instant startedAt, UUID taskId) {
        public static Key of(Task task) {
            return new Key(task.startedAt(), task.taskId());
        }
    }

    /**
     * The state of the tasks that a filter without its text selects.
     *
     * @param version changes if one of the tasks changes, for running tasks at most every five minutes; consists of
     *     letters, digits, dots and minus signs
     * @param deleted the number of the owner's deleted tasks, regardless of the other fields of the filter
     */
    public record State(String version, long deleted) {}

    /** Returns a task of any owner; empty if it does not exist or was deleted. */
    public Optional<Task> find(UUID taskId) {
        return database.lookUp(session -> session.sql(FIND, taskId).first(Task.ROW));
    }

    /**
     * Returns a task of this owner. The statement compares the owner, so the time does not reveal whether a task of
     * another owner exists.
     */
    public Optional<Task> findOwned(UUID taskId, String owner) {
        return database.lookUp(session -> session.sql(FIND_OWNED, taskId, owner).first(Task.ROW));
    }

    /**
     * Returns the task at which one search stops, to bound its time; empty if it reads to the oldest task.
     *
     * @param after the last task of the previous page; null for the first page
     */
    public Optional<Key> findSearchEnd(TaskFilter filter, @Nullable Key after) {
        Key from = after == null ? AFTER_ALL_TASKS : after;
        Conditions range = filter.range().conditions();
        Conditions others = filter.withoutRangeAndText().conditions();
        String sql = FIND_SEARCH_END.formatted(
                range.sql(), others.sql(), filter.text() == null ? "0" : SEARCHED_BYTES, MAX_SEARCHED_TASKS);
        return database.readInAutoCommit(session -> session.sql(
                        sql, others, from.startedAt(), from.taskId(), range, StepRepository.MAX_SEARCHED_BYTES)
                .first(KEY));
    }

    /**
     * Returns a page of the tasks, newest first; smaller than {@code limit} if its rows are large.
     *
     * @param end the last task to search; null to search to the oldest task
     */
    public Page<Task> page(TaskFilter filter, @Nullable Key after, @Nullable Key end, int limit) {
        Key from = after == null ? AFTER_ALL_TASKS : after;
        Conditions conditions = filter.conditions();
        if (end != null) {
            conditions.and("(started_at, task_id) >= (?, ?)", List.of(end.startedAt(), end.taskId()));
        }
        String sql = LIST.formatted(conditions.sql());
        // For one owner or all owners, an index has this order, so any plan reads few rows.
        boolean isOwnerOnly = filter.equals(TaskFilter.forOwner(filter.owner()));
        return Page.read(database, limit, session -> (isOwnerOnly ? session.useGenericPlans() : session)
                .sql(sql, from.startedAt(), from.taskId(), conditions, limit + 1)
                .page(limit, Task.ROW, TaskRepository::size));
    }

    /** Returns the state of the tasks that the filter selects, regardless of its text. */
    public State state(TaskFilter filter) {
        Conditions conditions = filter.withoutText().conditions();
        return database.read(session -> new State(
                session.sql(VERSION.formatted(conditions.sql()), conditions).single(row -> row.getString(1)),
                countDeleted(session, filter)));
    }

    /** Returns the number of the owner's deleted tasks, as in {@link State}. */
    public long countDeleted(TaskFilter filter) {
        return database.readInAutoCommit(session -> countDeleted(session, filter));
    }

    private static long countDeleted(Session session, TaskFilter filter) throws SQLException {
        Conditions conditions = new Conditions().and("owner = ?", filter.owner());
        return session.sql(COUNT_DELETED.formatted(conditions.sql()), conditions)
                .single(row -> row.getLong(1));
    }

    private static long size(Task task) {
        return Page.length(
                task.name(),
                task.description(),
                task.agent(),
                task.model(),
                task.deviceId(),
                task.message(),
                task.losses(),
                task.metadata(),
                task.extraStartFields(),
                task.extraEndFields());
    }
}
