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

    /**
     * FROM and WHERE of the tasks past the retention (parameter: in seconds) whose rows are all archived but not
     * deleted yet. Each has one part with the state {@code stored}.
     */
    static final String FROM_STORED = """
            FROM archives AS stored
              JOIN tasks AS t USING (task_id)
             WHERE stored.state = 'stored'
               AND stored.total_steps = t.total_steps
               AND %s""".formatted(IS_EXPIRED);

    private RetentionSql() {}
}
