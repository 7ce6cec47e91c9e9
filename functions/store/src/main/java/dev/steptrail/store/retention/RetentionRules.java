package dev.steptrail.store.retention;

/** What retention may take of a row {@code t} of tasks, and what it makes of it, as SQL. */
final class RetentionRules {
    /** The number of its part that is made next, or is being made. One that is stored and does not count yet is made anew. */
    static final String NEXT_PART = """
            (SELECT coalesce(max(a.part), 0) + 1
                      FROM archives AS a
                     WHERE a.task_id = t.task_id
                       AND a.state <> 'stored')""";

    /**
     * Takes the retention, in seconds, as a parameter. Nothing of it came, and nobody brought it back, for so long; nobody keeps it, and it does not run: who still waits for a
     * running task finds it abandoned first. And its last change was processed, since a step without a row cannot be counted.
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

    /** Takes the retention too. The bucket holds every row that is there: no step came since its last part was made. A deleted task has none. */
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
