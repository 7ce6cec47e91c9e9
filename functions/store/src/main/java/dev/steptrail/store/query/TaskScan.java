package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a statement that reads the tasks of a filter in the order of the list. One index has the tasks of a range
 * in this order, and each of them is checked for the other conditions.
 *
 * @param table the table with the index: {@code tasks} or {@code task_facets}
 * @param verdict the verdict of the range, empty for tasks without one; null if the range is not of a verdict
 * @param range the conditions of the range
 * @param checks the other conditions on {@code tasks}
 */
record TaskScan(String table, @Nullable String verdict, Conditions range, Conditions checks) {
    private static final String TASKS = "tasks";
    private static final String FACETS = "task_facets";

    /** The first column of the index on verdicts, after the owner. */
    private static final String VERDICT = "coalesce(verdict, '')";

    /** @param range one of the filter's ranges */
    static TaskScan of(TaskFilter filter, TaskFilter range) {
        Conditions checks = filter.without(range).conditions();
        if (!range.facets().isEmpty()) {
            Facet facet = range.facets().get(0);
            Conditions conditions = new Conditions()
                    .and("task_facets.owner = ?", range.owner())
                    .and("task_facets.facet = ?", facet.name())
                    .and("task_facets.value = ?", facet.value())
                    .and("task_facets.started_at >= ?", range.since())
                    .and("task_facets.started_at < ?", range.until());
            return new TaskScan(FACETS, null, conditions, checks);
        }
        if (range.verdict() != null) {
            String verdict = TaskFilter.NO_VERDICT.equals(range.verdict()) ? "" : range.verdict();
            return new TaskScan(TASKS, verdict, ofVerdict(verdict, range), checks);
        }
        return new TaskScan(TASKS, null, range.conditions().and("deleted_at IS NULL"), checks);
    }

    /**
     * Compares rows instead of the verdict. For {@code verdict = ?} Postgres might read the index of all tasks until it
     * has found enough of them, although all newer tasks have another verdict.
     */
    private static Conditions ofVerdict(String verdict, TaskFilter range) {
        Conditions conditions = new Conditions().and("owner = ?", range.owner()).and("deleted_at IS NULL");
        if (range.since() == null) {
            conditions.and("(" + VERDICT + ", started_at) >= (?, '-infinity')", verdict);
        } else {
            conditions.and("(" + VERDICT + ", started_at) >= (?, ?)", List.of(verdict, range.since()));
        }
        if (range.until() == null) {
            conditions.and("(" + VERDICT + ", started_at) <= (?, 'infinity')", verdict);
        } else {
            conditions.and("(" + VERDICT + ", started_at) < (?, ?)", List.of(verdict, range.until()));
        }
        return conditions;
    }

    /** Returns the condition that a task follows this position in the list. */
    Conditions after(TaskRepository.Key position) {
        return compareTo(position, "<");
    }

    /** Returns the condition that a task is not after this position in the list. */
    Conditions upTo(TaskRepository.Key position) {
        return compareTo(position, ">=");
    }

    private Conditions compareTo(TaskRepository.Key position, String operator) {
        List<Object> values = new ArrayList<>();
        if (verdict != null) {
            values.add(verdict);
        }
        values.add(position.startedAt());
        values.add(position.taskId());
        return new Conditions()
                .and(
                        "(%s) %s (%s)"
                                .formatted(
                                        String.join(", ", order()),
                                        operator,
                                        String.join(
                                                ", ",
                                                values.stream()
                                                        .map(value -> "?")
                                                        .toList())),
                        values);
    }

    /** Returns ORDER BY for the newest tasks first. */
    String newestFirst() {
        return "ORDER BY " + String.join(" DESC, ", order()) + " DESC\n";
    }

    /** Returns the last columns of the index. */
    private List<String> order() {
        List<String> columns = new ArrayList<>();
        if (verdict != null) {
            columns.add(VERDICT);
        }
        columns.add(table + ".started_at");
        columns.add(table + ".task_id");
        return columns;
    }

    private boolean readsFacets() {
        return table.equals(FACETS);
    }

    /**
     * Returns FROM and WHERE, to which {@code AND} can be appended. The parameters are {@link #checks}, then
     * {@link #range}. A subquery with OFFSET cannot be merged into the statement, so Postgres looks up the tasks one by
     * one, and stops at the limit of the statement.
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
     * Returns an expression for a task of {@link #table}: a number if the task passes the checks, else 0. Its
     * parameters are {@link #checks}.
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
}
