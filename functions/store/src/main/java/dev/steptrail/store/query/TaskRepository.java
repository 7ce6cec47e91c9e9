package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** {@code tasks} qualifies the columns, because the statement may also read task_facets. */
    private static final String LIST = """
            SELECT tasks.%s
            %%s%%s%%s %%s LIMIT ?
            """.formatted(Task.ROW.columns().replace(", ", ", tasks."));

    static final int MAX_SEARCHED_TASKS = 10_000;

    /**
     * The start of the task after this many of the newest tasks of a range. The range in which it is earliest has the
     * fewest tasks in a period.
     */
    private static final String START_OF_SAMPLE = """
            (SELECT started_at
               FROM %s
              WHERE true
            %s%s %s OFFSET 1000
              LIMIT 1)
            """;

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
                                   %2$s AS size
                              FROM %1$s
                             WHERE true
                    %3$s%4$s %5$s LIMIT %6$d) AS in_range
                    WINDOW in_order AS (ORDER BY started_at DESC, task_id DESC)) AS searched
             WHERE bytes >= ?
                OR tasks = %6$d
             ORDER BY started_at DESC, task_id DESC
             LIMIT 1
            """;

    private static final String SEARCHED_BYTES =
            "coalesce(octet_length(name), 0) + coalesce(octet_length(description), 0)";

    /** Changes of a running task affect the version at most once per interval, because each batch changes the task. */
    private static final int RUNNING_INTERVAL_SECONDS = 300;

    private static final String VERSION = """
            SELECT concat_ws('.', count(*),
                             sum(hashtextextended(concat_ws('|', tasks.task_id, status, extract(epoch FROM judged_at),
                                                            CASE WHEN status <> 'running'
                                                                 THEN concat_ws('|', end_reason, total_steps, conflicting_steps,
                                                                                extract(epoch FROM received_at))
                                                            END), 0)),
                             (SELECT sum(hashtextextended(prices::text, 0)) FROM prices),
                             max(floor(extract(epoch FROM received_at) / %d)) FILTER (WHERE status = 'running'))
            %%s\
            """.formatted(RUNNING_INTERVAL_SECONDS);

    /** The maximum number of tasks to count. */
    private static final int MAX_COUNTED = 100_000;

    private static final String HAS_FACET = """
            SELECT true
              FROM task_facets
             WHERE facet = ?
            %s LIMIT 1
            """;

    private static final String COUNT = """
            SELECT count(*)
              FROM (SELECT
            %s%s         LIMIT ?) AS counted
            """;

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
     * @param version changes if one of the tasks changes, for running tasks at most every five minutes, or if a price
     *     changes; consists of letters, digits, dots and minus signs
     * @param deleted the number of the owner's deleted tasks, regardless of the other fields of the filter
     */
    public record State(String version, long deleted) {}

    /**
     * A number of tasks.
     *
     * @param isMinimum whether there may be more tasks
     */
    public record Count(long tasks, boolean isMinimum) {}

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
        return database.readInAutoCommit(session -> {
            TaskScan scan = scan(session, filter.withoutText(), from);
            boolean readsTexts = filter.text() != null;
            Conditions afterPage = scan.after(from);
            String sql = FIND_SEARCH_END.formatted(
                    scan.table(),
                    readsTexts ? scan.ifChecked(SEARCHED_BYTES) : "0",
                    afterPage.sql(),
                    scan.range().sql(),
                    scan.newestFirst(),
                    MAX_SEARCHED_TASKS);
            return session.sql(
                            sql,
                            readsTexts ? scan.checks() : new Conditions(),
                            afterPage,
                            scan.range(),
                            StepRepository.MAX_SEARCHED_BYTES)
                    .first(KEY);
        });
    }

    /** Returns the scan of the range that seems to have the fewest tasks from this position on. */
    private static TaskScan scan(Session session, TaskFilter filter, Key from) throws SQLException {
        List<TaskScan> scans = filter.ranges().stream()
                .map(range -> TaskScan.of(filter, range))
                .toList();
        if (scans.size() == 1) {
            return scans.get(0);
        }
        String samples = scans.stream()
                .map(scan -> START_OF_SAMPLE.formatted(
                        scan.table(), scan.after(from).sql(), scan.range().sql(), scan.newestFirst()))
                .collect(Collectors.joining(", "));
        Object[] parameters = scans.stream()
                .flatMap(scan -> Stream.of(scan.after(from), scan.range()))
                .toArray();
        List<Instant> starts = session.sql("SELECT unnest(ARRAY[" + samples + "]) AS started_at", parameters)
                .list(row -> Objects.requireNonNullElse(Sql.time(row, "started_at"), Instant.MIN));
        return scans.get(starts.indexOf(Collections.min(starts)));
    }

    /**
     * Returns a page of the tasks, newest first; smaller than {@code limit} if its rows are large.
     *
     * @param end the last task to search; null to search to the oldest task
     */
    public Page<Task> page(TaskFilter filter, @Nullable Key after, @Nullable Key end, int limit) {
        Key from = after == null ? AFTER_ALL_TASKS : after;
        // For one owner or all owners, an index has this order, so any plan reads few rows.
        boolean isOwnerOnly = filter.equals(TaskFilter.forOwner(filter.owner()));
        return Page.read(database, limit, session -> {
            TaskScan scan = scan(session, filter, from);
            Conditions afterPage = scan.after(from);
            Conditions upToEnd = end == null ? new Conditions() : scan.upTo(end);
            String sql = LIST.formatted(scan.from(), afterPage.sql(), upToEnd.sql(), scan.newestFirst());
            return (isOwnerOnly ? session.useGenericPlans() : session)
                    .sql(sql, scan.checks(), scan.range(), afterPage, upToEnd, limit + 1)
                    .page(limit, Task.ROW, TaskRepository::size);
        });
    }

    /** Returns whether a task of the owner, or of any owner if it is null, has a value of this facet. */
    public boolean hasFacet(@Nullable String owner, String name) {
        Conditions conditions = new Conditions().and("owner = ?", owner);
        return database.readInAutoCommit(session -> session.sql(HAS_FACET.formatted(conditions.sql()), name, conditions)
                .hasRows());
    }

    /** Returns the state of the tasks that the filter selects, regardless of its text. */
    public State state(TaskFilter filter) {
        TaskFilter selected = filter.withoutText();
        return database.read(session -> {
            TaskScan scan = scan(session, selected, AFTER_ALL_TASKS);
            Conditions all = scan.after(AFTER_ALL_TASKS);
            return new State(
                    session.sql(VERSION.formatted(scan.from() + all.sql()), scan.checks(), scan.range(), all)
                            .single(row -> row.getString(1)),
                    countDeleted(session, filter));
        });
    }

    /** Counts the tasks that the filter selects, up to {@value #MAX_COUNTED}, in the tasks that one search reads. */
    public Count count(TaskFilter filter) {
        Key end = filter.isSearch() ? findSearchEnd(filter, null).orElse(null) : null;
        long tasks = count(filter, end, MAX_COUNTED);
        return new Count(tasks, end != null || tasks == MAX_COUNTED);
    }

    long count(TaskFilter filter, @Nullable Key end, int max) {
        return database.read(session -> {
            TaskScan scan = scan(session, filter, AFTER_ALL_TASKS);
            Conditions upToEnd = end == null ? new Conditions() : scan.upTo(end);
            String sql = COUNT.formatted(scan.from(), upToEnd.sql());
            return session.sql(sql, scan.checks(), scan.range(), upToEnd, max).single(row -> row.getLong(1));
        });
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
