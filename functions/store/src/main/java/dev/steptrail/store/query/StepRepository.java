package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.ShortStep;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.StepFilter;
import dev.steptrail.store.model.StepOutcome;
import dev.steptrail.store.model.StoredStep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the steps of a task. */
public final class StepRepository {
    /** A search reads about 6 ms per MB, and a hundred times longer where a text nearly matches everywhere. */
    static final int MAX_SEARCHED_BYTES = 8 * 1024 * 1024;

    static final int MAX_SEARCHED_STEPS = 10_000;

    private static final String ASCENDING = """
            SELECT %s
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
            %s ORDER BY step_number
             LIMIT ?
            """;

    private static final String DESCENDING = """
            SELECT %s
              FROM task_steps
             WHERE task_id = ?
               AND step_number < ?
            %s ORDER BY step_number DESC
             LIMIT ?
            """;

    /** PostgreSQL truncates the texts, so that a task of gigabytes is read as the megabytes that are shown. */
    private static final String LIST_SHORT = """
            SELECT step_number,
                   created_at,
                   step_type,
                   left(NULLIF((step_data -> 'action')::text, 'null'), ?) AS action,
                   duration_ms,
                   %s AS went_well,
                   left(%s, ?) AS error,
                   left(thinking, ?) AS thinking
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """.formatted(StepOutcome.WENT_WELL, StepOutcome.ERROR);

    /** PostgreSQL knows the length of a text without reading it. */
    private static final String FIND_SEARCH_END = """
            SELECT step_number
              FROM (SELECT step_number,
                           row_number() OVER in_order AS steps,
                           sum(coalesce(octet_length(thinking), 0) + %4$s) OVER in_order AS bytes
                      FROM task_steps
                     WHERE task_id = ?
                       AND step_number %2$s ?
                    %3$sWINDOW in_order AS (ORDER BY step_number %1$s)) AS looked_through
             WHERE bytes >= ?
                OR steps = ?
             ORDER BY step_number %1$s
             LIMIT 1
            """;

    private static final int PAGE = 500;

    private final Database database;

    public StepRepository(Database database) {
        this.database = database;
    }

    /** Receives steps one by one. */
    public interface Visitor<E extends Exception> {
        /** Returns whether to continue. */
        boolean visit(StoredStep step) throws E;
    }

    /**
     * Returns a page of the steps with their screenshots, in the order of their numbers; smaller than {@code limit} if its rows
     * are large.
     *
     * @param after the last number of the page before; null for the first page
     * @param limit at least 1
     */
    public Page<StoredStep> page(
            UUID taskId, StepFilter filter, boolean ascending, @Nullable Integer after, int limit) {
        Conditions conditions = filter.conditions();
        Database.Work<Page<StoredStep>> work = connection -> {
            Page<StoredStep> page = Sql.of(
                            connection,
                            sql(ascending, conditions),
                            taskId,
                            from(ascending, after),
                            conditions,
                            limit + 1)
                    .page(limit, StepColumns::step, StepRepository::size);
            List<Integer> numbers =
                    page.items().stream().map(StoredStep::stepNumber).toList();
            if (numbers.isEmpty()) {
                return page;
            }
            ScreenshotRepository.OfSteps screenshots = ScreenshotRepository.ofSteps(connection, taskId, numbers);
            return new Page<>(
                    page.items().stream()
                            .limit(screenshots.complete())
                            .map(step -> step.with(screenshots.of(step.stepNumber())))
                            .toList(),
                    page.hasMore() || screenshots.complete() < numbers.size());
        };
        return filter.isAll() && Page.isOneFetch(limit) ? database.lookUp(work) : Page.read(database, limit, work);
    }

    static String sql(boolean ascending, Conditions conditions) {
        return (ascending ? ASCENDING : DESCENDING).formatted(StepColumns.OF_STEP, conditions.sql());
    }

    private static long from(boolean ascending, @Nullable Integer after) {
        return after != null ? after : ascending ? 0 : Long.MAX_VALUE;
    }

    /** Passes all steps to the visitor in the order of their numbers, a page at a time. Steps that arrive meanwhile may be included. */
    public <E extends Exception> void visit(UUID taskId, Visitor<E> visitor) throws E {
        Integer after = null;
        Page<StoredStep> page;
        do {
            page = page(taskId, StepFilter.ALL, true, after, PAGE);
            for (StoredStep step : page.items()) {
                if (!visitor.visit(step)) {
                    return;
                }
                after = step.stepNumber();
            }
        } while (page.hasMore());
    }

    /**
     * Passes all steps to the visitor in the order of their numbers, with truncated texts.
     *
     * @param maxLength the maximum length of a text in characters
     * @param visitor returns whether to continue
     */
    public void visitShort(UUID taskId, int maxLength, Predicate<ShortStep> visitor) {
        int after = 0;
        List<ShortStep> steps;
        do {
            int from = after;
            steps = database.readOnce(
                    connection -> Sql.of(connection, LIST_SHORT, maxLength, maxLength, maxLength, taskId, from, PAGE)
                            .list(StepRepository::shortStep));
            for (ShortStep step : steps) {
                if (!visitor.test(step)) {
                    return;
                }
                after = step.stepNumber();
            }
        } while (steps.size() == PAGE);
    }

    /**
     * Returns the number of the last step that one search for text reads, which bounds its time; empty if it reads to the end of
     * the task.
     *
     * @param after the number after which it begins; null for the first page
     */
    public Optional<Integer> findSearchEnd(UUID taskId, StepFilter filter, boolean ascending, @Nullable Integer after) {
        Conditions conditions = filter.withoutText().conditions();
        String sql = FIND_SEARCH_END.formatted(
                ascending ? "ASC" : "DESC", ascending ? ">" : "<", conditions.sql(), StepOutcome.BYTES_FOR_ERROR);
        return database.readOnce(connection -> Sql.of(
                        connection,
                        sql,
                        taskId,
                        from(ascending, after),
                        conditions,
                        MAX_SEARCHED_BYTES,
                        MAX_SEARCHED_STEPS)
                .first(row -> row.getInt("step_number")));
    }

    private static long size(StoredStep step) {
        return Page.length(step.stepData(), step.thinking(), step.actionResult(), step.errorMessage());
    }

    private static ShortStep shortStep(ResultSet row) throws SQLException {
        return new ShortStep(
                row.getInt("step_number"),
                StepColumns.requiredTime(row, "created_at"),
                row.getString("step_type"),
                row.getString("action"),
                row.getObject("duration_ms", Long.class),
                row.getObject("went_well", Boolean.class),
                row.getString("error"),
                row.getString("thinking"));
    }
}
