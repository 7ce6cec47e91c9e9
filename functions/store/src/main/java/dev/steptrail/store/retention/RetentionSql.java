package dev.steptrail.store.retention;

/** SQL expressions of the retention rules. They refer to a row {@code t} of tasks. */
final class RetentionSql {
    /**
     * The number of the next part to archive. A part with the state {@code stored} is replaced, so it keeps its number.
     */
    static final String NEXT_PART = """
            (SELECT coalesce(max(a.part), 0) + 1
                      FROM archives AS a
                     WHERE a.task_id = t.task_id
                       AND a.state <> 'stored')""";

    /**
     * Whether a task was last changed or restored longer ago than the retention. Parameter: the retention in seconds.
     * Excludes tasks that are kept or running, or whose last change was not processed, because steps must be counted
     * before their rows are deleted.
     */
    static final String IS_EXPIRED = """
            (    t.deleted_at IS NULL
             AND NOT t.keep
             AND t.status <> 'running'
             AND greatest(t.received_at, t.restored_at) < now() - ? * interval '1 second'
             AND EXISTS (SELECT
                           FROM task_processing AS p
                          WHERE p.task_id = t.task_id
                            AND p.changed_at >= t.received_at))""";

    /** Whether the task was deleted, or {@link #IS_EXPIRED} (same parameter) is true and all its rows are archived. */
    static final String ROWS_ARE_DELETABLE = """
            (   t.deleted_at IS NOT NULL
             OR EXISTS (SELECT
                          FROM archives AS a
                         WHERE a.task_id = t.task_id
                           AND a.total_steps = t.total_steps
                           AND (   a.state = 'archived' AND t.status = 'archived'
                                OR a.state = 'stored' AND %s)))""".formatted(IS_EXPIRED);

    private RetentionSql() {}
}
