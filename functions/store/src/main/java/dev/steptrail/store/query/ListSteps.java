package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.StepFilter;
import dev.steptrail.store.model.StoredStep;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which steps has this task, in the order of their numbers? */
public final class ListSteps {
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

    private static final int EACH = 500;

    private final Database database;

    public ListSteps(Database database) {
        this.database = database;
    }

    /**
     * A page of these steps with their pictures, smaller than {@code limit} where its rows are large.
     *
     * @param ascending from the first to the last, or the other way
     * @param after the number with which the page before ended, or null for the first page
     * @param limit at least 1
     */
    public Page<StoredStep> page(
            UUID taskId, StepFilter filter, boolean ascending, @Nullable Integer after, int limit) {
        Conditions conditions = filter.conditions();
        long from = after != null ? after : ascending ? 0 : Long.MAX_VALUE;
        Database.Work<Page<StoredStep>> work = connection -> {
            Page<StoredStep> page;
            try (PreparedStatement statement = connection.prepareStatement(sql(ascending, conditions))) {
                statement.setObject(1, taskId);
                statement.setLong(2, from);
                statement.setInt(conditions.bind(statement, 3), limit + 1);
                page = PageReader.read(statement, limit, StepColumns::step, ListSteps::size);
            }
            List<Integer> numbers =
                    page.items().stream().map(StoredStep::stepNumber).toList();
            if (numbers.isEmpty()) {
                return page;
            }
            FindScreenshots.OfSteps pictures = FindScreenshots.in(connection, taskId, numbers);
            return new Page<>(
                    page.items().stream()
                            .limit(pictures.complete())
                            .map(step -> step.with(pictures.of(step.stepNumber())))
                            .toList(),
                    page.hasMore() || pictures.complete() < numbers.size());
        };
        return filter.isAll() && PageReader.isOneFetch(limit)
                ? database.lookUp(work)
                : PageReader.page(database, limit, work);
    }

    static String sql(boolean ascending, Conditions conditions) {
        return (ascending ? ASCENDING : DESCENDING).formatted(StepColumns.OF_STEP, conditions.sql());
    }

    /** Sees steps, one after the other. */
    public interface Visitor<E extends Exception> {
        /** Answers whether to go on. */
        boolean next(StoredStep step) throws E;
    }

    /** Shows all steps in the order of their numbers, a page at a time: those that arrive meanwhile may be among them. */
    public <E extends Exception> void each(UUID taskId, Visitor<E> visitor) throws E {
        Integer after = null;
        Page<StoredStep> page;
        do {
            page = page(taskId, StepFilter.ALL, true, after, EACH);
            for (StoredStep step : page.items()) {
                if (!visitor.next(step)) {
                    return;
                }
                after = step.stepNumber();
            }
        } while (page.hasMore());
    }

    private static long size(StoredStep step) {
        return PageReader.length(step.stepData(), step.thinking(), step.actionResult(), step.errorMessage());
    }
}
