package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StepOutcome;
import dev.steptrail.store.model.StoredStep;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the steps of a task. */
public final class StepRepository {
    /** A text search takes about 6 ms per MB, but up to 100 times longer if the text nearly matches everywhere. */
    static final int MAX_SEARCHED_BYTES = 8 * 1024 * 1024;

    static final int MAX_SEARCHED_STEPS = 10_000;

    private static final String LIST = """
            SELECT %s
              FROM task_steps
             WHERE task_id = ?
               AND step_number %s ?
            %s ORDER BY step_number %s
             LIMIT ?
            """;

    /**
     * Counts all steps in the range, but only the texts of those that pass the other conditions. Postgres reads the
     * length of a text from its header, without reading the text.
     */
    private static final String FIND_SEARCH_END = """
            SELECT step_number
              FROM (SELECT step_number,
                           row_number() OVER in_order AS steps,
                           sum(size) OVER in_order AS bytes
                      FROM (SELECT step_number,
                                   CASE WHEN true
                    %4$s THEN %5$s ELSE 0 END AS size
                              FROM task_steps
                             WHERE task_id = ?
                               AND step_number %2$s ?
                    %3$s ORDER BY step_number %1$s
                             LIMIT %6$d) AS in_range
                    WINDOW in_order AS (ORDER BY step_number %1$s)) AS searched
             WHERE bytes >= ?
                OR steps = %6$d
             ORDER BY step_number %1$s
             LIMIT 1
            """;

    private static final String FIND_LAST_OMITTED = """
            SELECT step_number
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number DESC
            OFFSET ?
             LIMIT 1
            """;

    private static final String SEARCHED_BYTES =
            "coalesce(octet_length(thinking), 0) + coalesce(octet_length(error), 0)";

    private static final int MAX_LISTED_ERROR = 300;

    private static final RecordMapper<LastError> LAST_ERROR = RecordMapper.of(LastError.class);

    /** Reads one row of the index of failed steps per task. */
    private static final String LAST_ERRORS = """
            SELECT failed.*
              FROM unnest(?::uuid[]) AS task (id)
             CROSS JOIN LATERAL (SELECT task_id,
                                        step_number,
                                        left(error, %d) AS error
                                   FROM task_steps
                                  WHERE task_id = task.id
                                    AND NOT %s
                                  ORDER BY step_number DESC
                                  LIMIT 1) AS failed
            """.formatted(MAX_LISTED_ERROR, StepOutcome.SUCCEEDED);

    private static final int PAGE_SIZE = 500;

    private final Database database;

    public StepRepository(Database database) {
        this.database = database;
    }

    /**
     * The newest failed step of a task.
     *
     * @param error the start of its error; null if it has none
     */
    public record LastError(
            UUID taskId, int stepNumber, @Nullable String error) {}

    /** Returns the newest failed steps of these tasks, in one query. Tasks without failed steps are absent. */
    public Map<UUID, LastError> lastErrors(Collection<UUID> taskIds) {
        return database.readInAutoCommit(session ->
                session.useGenericPlans().sql(LAST_ERRORS, Sql.array("uuid", taskIds)).list(LAST_ERROR).stream()
                        .collect(Collectors.toMap(LastError::taskId, error -> error)));
    }

    /**
     * Filters the steps of a task. A null field matches every step.
     *
     * @param since the lower bound of {@code created_at}, inclusive
     * @param until the upper bound of {@code created_at}, exclusive
     * @param text a substring of the thinking or of the first 2,000 characters of the error, case-insensitive
     */
    public record StepFilter(
            @Nullable String type,
            @Nullable Success success,
            @Nullable Integer minNumber,
            @Nullable Integer maxNumber,
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable String text) {
        public static final StepFilter ALL = new StepFilter(null, null, null, null, null, null, null);

        /** Returns a filter for the steps after a number. */
        public static StepFilter after(int number) {
            return new StepFilter(null, null, number + 1, null, null, null, null);
        }

        /** Returns a filter for the failed steps after a number, up to another. An index finds them. */
        public static StepFilter failed(int after, int last) {
            return new StepFilter(null, Success.FALSE, after + 1, last, null, null, null);
        }

        /** The outcome of a step, as defined by {@link StepOutcome}. */
        public enum Success {
            TRUE,
            FALSE,
            NONE
        }

        /** Returns whether there are conditions that each step in the range of numbers must be checked for. */
        public boolean isSearch() {
            return !equals(range());
        }

        /** Returns the filter without conditions other than the range of numbers. */
        StepFilter range() {
            return new StepFilter(null, null, minNumber, maxNumber, null, null, null);
        }

        private Conditions conditionsWithoutText() {
            return new StepFilter(type, success, null, null, since, until, null).conditions();
        }

        /** Returns the filter, limited to the steps up to this number in the order of the list. */
        public StepFilter upTo(Integer number, boolean ascending) {
            return new StepFilter(
                    type, success, ascending ? minNumber : number, ascending ? number : maxNumber, since, until, text);
        }

        public Conditions conditions() {
            Conditions conditions = new Conditions()
                    .and("step_type = ?", type)
                    .and("step_number >= ?", minNumber)
                    .and("step_number <= ?", maxNumber)
                    .and("created_at >= ?", since)
                    .and("created_at < ?", until)
                    .andAnyContains("thinking", "error", text);
            if (success != null) {
                conditions.and(
                        switch (success) {
                            case TRUE -> StepOutcome.SUCCEEDED;
                            case FALSE -> "NOT " + StepOutcome.SUCCEEDED;
                            case NONE -> StepOutcome.SUCCEEDED + " IS NULL";
                        });
            }
            return conditions;
        }
    }

    /** Receives steps one by one, and returns whether to continue. */
    public interface Visitor<E extends Exception> {
        boolean visit(StoredStep step) throws E;
    }

    /** Returns a page of the steps with screenshots, sorted by number; smaller if rows are large. */
    public Page<StoredStep> page(
            UUID taskId, StepFilter filter, boolean ascending, @Nullable Integer after, int limit) {
        Conditions conditions = filter.conditions();
        Page<StoredStep> page = Page.read(database, limit, session -> session.sql(
                        sql(ascending, conditions), taskId, from(ascending, after), conditions, limit + 1)
                .page(limit, StoredStep.ROW, StepRepository::size));
        List<Integer> numbers =
                page.items().stream().map(StoredStep::stepNumber).toList();
        if (numbers.isEmpty()) {
            return page;
        }
        // Without a filter, no steps are skipped in between, so any plan reads few screenshots.
        boolean isOneRange = filter.equals(StepFilter.ALL);
        ScreenshotRepository.ScreenshotsByStep screenshots = database.readInAutoCommit(session ->
                ScreenshotRepository.readPage(isOneRange ? session.useGenericPlans() : session, taskId, numbers));
        return new Page<>(
                page.items().stream()
                        .limit(screenshots.completeSteps())
                        .map(step -> step.withScreenshots(screenshots.get(step.stepNumber())))
                        .toList(),
                page.hasMore() || screenshots.completeSteps() < numbers.size());
    }

    static String sql(boolean ascending, Conditions conditions) {
        return LIST.formatted(
                StoredStep.ROW.columns(), ascending ? ">" : "<", conditions.sql(), ascending ? "ASC" : "DESC");
    }

    private static long from(boolean ascending, @Nullable Integer after) {
        return after != null ? after : ascending ? 0 : Long.MAX_VALUE;
    }

    /**
     * Returns the number of the last step before the last {@code kept} steps.
     *
     * @param after the number after which steps are counted
     * @return empty if at most {@code kept} steps follow
     */
    static Optional<Integer> findLastOmitted(Session session, UUID taskId, int after, int kept) throws SQLException {
        return session.sql(FIND_LAST_OMITTED, taskId, after, kept).first(row -> row.getInt("step_number"));
    }

    /** Same in a separate statement. */
    public Optional<Integer> findLastOmitted(UUID taskId, int after, int kept) {
        return database.readInAutoCommit(session -> findLastOmitted(session, taskId, after, kept));
    }

    /** Passes all steps to the visitor in order, one page at a time. May include steps that arrive during the call. */
    public <E extends Exception> void visit(UUID taskId, Visitor<E> visitor) throws E {
        visit(taskId, StepFilter.ALL, visitor);
    }

    /** Passes the steps that match the filter to the visitor in order. Reads all steps in the filter's range. */
    public <E extends Exception> void visit(UUID taskId, StepFilter filter, Visitor<E> visitor) throws E {
        Integer after = null;
        Page<StoredStep> page;
        do {
            page = page(taskId, filter, true, after, PAGE_SIZE);
            for (StoredStep step : page.items()) {
                if (!visitor.visit(step)) {
                    return;
                }
                after = step.stepNumber();
            }
        } while (page.hasMore());
    }

    /**
     * Returns the number of the step at which one search stops, to bound its time; empty if it reads to the end of the
     * task.
     *
     * @param after the number after which the search starts; null for the first page
     */
    public Optional<Integer> findSearchEnd(UUID taskId, StepFilter filter, boolean ascending, @Nullable Integer after) {
        Conditions range = filter.range().conditions();
        Conditions others = filter.conditionsWithoutText();
        String sql = FIND_SEARCH_END.formatted(
                ascending ? "ASC" : "DESC",
                ascending ? ">" : "<",
                range.sql(),
                others.sql(),
                filter.text() == null ? "0" : SEARCHED_BYTES,
                MAX_SEARCHED_STEPS);
        return database.readInAutoCommit(
                session -> session.sql(sql, others, taskId, from(ascending, after), range, MAX_SEARCHED_BYTES)
                        .first(row -> row.getInt("step_number")));
    }

    private static long size(StoredStep step) {
        return step.length();
    }
}
