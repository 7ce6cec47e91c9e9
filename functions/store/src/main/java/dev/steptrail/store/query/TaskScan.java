package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;

/**
 * The part of a statement that reads the tasks of a filter in the order of the list. One index has the tasks of a range in
 * this order, and each of them is checked for the other conditions.
 *
 * @param table the table with the index: {@code tasks} or {@code task_facets}
 * @param range the conditions of the range
 * @param checks the other conditions on {@code tasks}
 */
record TaskScan(String table, Conditions range, Conditions checks) {
    /** @param range one of the filter's ranges */
    static TaskScan of(TaskFilter filter, TaskFilter range) {
        Conditions checks = filter.without(range).conditions();
        if (range.facets().isEmpty()) {
            return new TaskScan("tasks", range.conditions().and("deleted_at IS NULL"), checks);
        }
        Facet facet = range.facets().get(0);
        Conditions conditions = new Conditions()
                .and("task_facets.owner = ?", range.owner())
                .and("task_facets.facet = ?", facet.name())
                .and("task_facets.value = ?", facet.value())
                .and("task_facets.started_at >= ?", range.since())
                .and("task_facets.started_at < ?", range.until());
        return new TaskScan("task_facets", conditions, checks);
    }

    private boolean readsFacets() {
        return table.equals("task_facets");
    }

    /**
     * Returns FROM and WHERE, to which {@code AND} can be appended. The parameters are {@link #checks}, then {@link #range}.
     * A subquery with OFFSET cannot be merged into the statement, so Postgres looks up the tasks one by one, and stops at
     * the limit of the statement.
     */
    String from() {
        return readsFacets() ? """
                  FROM task_facets
                 CROSS JOIN LATERAL (SELECT *
                                       FROM tasks
                                      WHERE task_id = task_facets.task_id
                                        AND deleted_at IS NULL
                %s                     OFFSET 0) AS tasks
                 WHERE true
                %s""".formatted(checks.sql(), range.sql()) : """
                  FROM tasks
                 WHERE true
                %s%s""".formatted(checks.sql(), range.sql());
    }

    /**
     * Returns an expression for a task of {@link #table}: a number if the task passes the checks, else 0. Its parameters are
     * {@link #checks}.
     */
    String ifChecked(String number) {
        return readsFacets() ? """
                coalesce((SELECT %s
                            FROM tasks
                           WHERE task_id = task_facets.task_id
                             AND deleted_at IS NULL
                %s), 0)""".formatted(number, checks.sql()) : """
                CASE WHEN true
                %s THEN %s ELSE 0 END""".formatted(checks.sql(), number);
    }

    /** Returns ORDER BY for the newest tasks first. */
    String newestFirst() {
        return "ORDER BY %1$s.started_at DESC, %1$s.task_id DESC\n".formatted(table);
    }
}
