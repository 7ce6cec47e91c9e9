package dev.steptrail.store.retention;

/** Conditions of retention on a row {@code t} of tasks, as SQL. */
final class RetentionRules {
    /** The number of the part that is archived next. A part that is stored, and whose rows exist, is replaced. */
    static final String NEXT_PART = """
            (SELECT coalesce(max(a.part), 0) + 1
                      FROM archives AS a
                     WHERE a.task_id = t.task_id
                       AND a.state <> 'stored')""";

    /**
     * Whether a task is past the retention, which is a parameter in seconds, since it was last changed or restored. A task that is kept or
     * running is not, nor one whose last change was not processed: a step without a row cannot be counted.
     */
    static final String IS_PAST = """
            (    t.deleted_at IS NULL
             AND NOT t.keep
             AND t.status <> 'running'
             AND greatest(t.received_at, t.restored_at) < now() - ? * interval '1 second'
             AND EXISTS (SELECT
                           FROM task_processing AS p
                          WHERE p.task_id = t.task_id
                            AND p.changed_at >= t.received_at))""";

    /** Whether the bucket contains every row of the task, and it is past the retention, a parameter too; or it was deleted. */
    static final String MAY_LOSE_ITS_ROWS = """
            (   t.deleted_at IS NOT NULL
             OR EXISTS (SELECT
                          FROM archives AS a
                         WHERE a.task_id = t.task_id
                           AND a.total_steps = t.total_steps
                           AND (   a.state = 'archived' AND t.status = 'archived'
                                OR a.state = 'stored' AND %s)))""".formatted(IS_PAST);

    private RetentionRules() {}
}
