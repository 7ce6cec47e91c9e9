package dev.steptrail.store.experiments;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.usage.Cost;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads experiments: the tasks of an owner that have the same {@code experiment}. */
public final class ExperimentRepository {
    /** The maximum number of tasks of an experiment that can be read. */
    public static final int MAX_TASKS = 10_000;

    /** The maximum number of experiments that can be listed, because each page reads the names of all of them. */
    public static final int MAX_LISTED = 50_000;

    /** The maximum number of different {@code attributes} that are returned. */
    static final int MAX_ATTRIBUTES = 20;

    /** The maximum length of {@code attributes} that are returned, in characters. */
    private static final int MAX_ATTRIBUTES_LENGTH = 2000;

    /**
     * Skips from one experiment to the next in the index tasks_by_experiment, and counts only the tasks of the page.
     * Each LATERAL subquery reads a range of the index; with a join, Postgres would read all tasks.
     */
    private static final String LIST = """
            WITH RECURSIVE names AS (
                (SELECT owner, experiment
                   FROM tasks
                  WHERE deleted_at IS NULL
                    AND experiment IS NOT NULL
            %1$s      ORDER BY owner, experiment
                  LIMIT 1)
                UNION ALL
                SELECT following.owner, following.experiment
                  FROM names AS n
                 CROSS JOIN LATERAL (SELECT owner, experiment
                                       FROM tasks
                                      WHERE deleted_at IS NULL
                                        AND experiment IS NOT NULL
                                        AND %2$s
            %1$s                          ORDER BY owner, experiment
                                      LIMIT 1) AS following
            ), listed AS MATERIALIZED (
                SELECT owner, experiment
                  FROM names
                 LIMIT %6$d
            ), page AS MATERIALIZED (
                SELECT n.owner, n.experiment, first.started_at, first.task_id
                  FROM listed AS n
                 CROSS JOIN LATERAL (SELECT started_at, task_id
                                       FROM tasks
                                      WHERE deleted_at IS NULL
                                        AND owner = n.owner
                                        AND experiment = n.experiment
                                      ORDER BY started_at, task_id
                                      LIMIT 1) AS first
                 WHERE true
            %3$s     ORDER BY first.started_at DESC, first.task_id DESC
                 LIMIT ?
            )
            SELECT (SELECT count(*) FROM listed) AS listed,
                   p.owner,
                   p.experiment  AS name,
                   p.started_at  AS first_started_at,
                   p.task_id     AS first_task_id,
                   counts.*
              FROM page AS p
             CROSS JOIN LATERAL (SELECT max(started_at)                       AS last_started_at,
                                        count(DISTINCT coalesce(case_id, '')) AS cases,
            %4$s                       FROM (SELECT *
                                           FROM tasks
                                          WHERE deleted_at IS NULL
                                            AND owner = p.owner
                                            AND experiment = p.experiment
                                          ORDER BY started_at DESC, task_id DESC
                                          LIMIT %5$d) AS newest) AS counts
             ORDER BY p.started_at DESC, p.task_id DESC
            """;

    private static final String TASKS = """
            WITH selected AS MATERIALIZED (
                SELECT *
                  FROM tasks
                 WHERE owner = ?
                   AND experiment = ?
                   AND deleted_at IS NULL
                 LIMIT %d
            )
            """.formatted(MAX_TASKS + 1);

    /** One row per case, after one of all cases, whose case id is null. */
    private static final String CASES = TASKS + """
            SELECT coalesce(case_id, '') AS case_id,
                   min(started_at)       AS first_started_at,
                   max(started_at)       AS last_started_at,
            %s  FROM selected
              LEFT JOIN LATERAL (SELECT sum(input_tokens)  AS input_tokens,
                                        sum(cached_tokens) AS cached_tokens,
                                        sum(output_tokens) AS output_tokens
                                   FROM task_usage
                                  WHERE task_id = selected.task_id) AS tokens ON true
             GROUP BY GROUPING SETS ((1), ())
             ORDER BY case_id NULLS FIRST
            """.formatted(Results.Counts.COLUMNS);

    /** One row per case and currency, and one per currency, whose case id is null. */
    private static final String COSTS = TASKS + """
            SELECT coalesce(case_id, '')             AS case_id,
                   cost.currency,
                   sum(cost.amount)                  AS amount,
                   sum(cost.unpriced_tokens)::bigint AS unpriced_tokens
              FROM selected
              JOIN task_usage AS u USING (task_id)
             CROSS JOIN LATERAL usage_cost(model, u.day, u.input_tokens, u.cached_tokens, u.output_tokens) AS cost
             GROUP BY GROUPING SETS ((1, 2), (2))
            """;

    private static final String ATTRIBUTES = TASKS + """
            SELECT attributes::text
              FROM selected
             WHERE length(attributes::text) BETWEEN 3 AND %d -- shorter ones are empty
             GROUP BY 1
             ORDER BY count(*) DESC, 1
             LIMIT %d
            """.formatted(MAX_ATTRIBUTES_LENGTH, MAX_ATTRIBUTES);

    private static final RecordMapper<Summary> SUMMARY = RecordMapper.of(Summary.class);

    private final Database database;

    public ExperimentRepository(Database database) {
        this.database = database;
    }

    /** An experiment in the list. The counts are those of {@link Results.Counts}. */
    public record Summary(
            String owner,
            String name,
            Instant firstStartedAt,
            UUID firstTaskId,
            Instant lastStartedAt,
            int cases,
            int tasks,
            int passes,
            int fails,
            int claimedPasses,
            int claimedFails,
            int verifiedPasses,
            int verifiedFails) {}

    /** Thrown if more than {@value #MAX_LISTED} experiments would have to be read for a list. */
    public static final class TooManyExperimentsException extends RuntimeException {
        TooManyExperimentsException() {
            super("there are more than " + MAX_LISTED + " experiments");
        }
    }

    /** The position of an experiment in the list: its first task. */
    public record Key(Instant firstStartedAt, UUID firstTaskId) {
        public static Key of(Summary experiment) {
            return new Key(experiment.firstStartedAt(), experiment.firstTaskId());
        }
    }

    /**
     * Returns a page of the experiments, by the start of their first task, newest first. The counts of an experiment
     * are those of its newest {@code MAX_TASKS + 1} tasks.
     *
     * @param owner null for all owners
     * @param after the last experiment of the previous page; null for the first page
     * @throws TooManyExperimentsException if there are more than {@value #MAX_LISTED} experiments
     */
    public Page<Summary> page(@Nullable String owner, @Nullable Key after, int limit) {
        Conditions ofOwner = new Conditions().and("owner = ?", owner);
        Conditions range = new Conditions();
        if (after != null) {
            range.and(
                    "(first.started_at, first.task_id) < (?, ?)", List.of(after.firstStartedAt(), after.firstTaskId()));
        }
        // Postgres does not use a comparison of both columns in the index if there is a condition on the owner.
        String following =
                owner == null ? "(owner, experiment) > (n.owner, n.experiment)" : "experiment > n.experiment";
        String sql = LIST.formatted(
                ofOwner.sql(), following, range.sql(), Results.Counts.SUMMARY_COLUMNS, MAX_TASKS + 1, MAX_LISTED + 1);
        return Page.read(database, limit, session -> session.sql(sql, ofOwner, ofOwner, range, limit + 1)
                .page(limit, ExperimentRepository::summary, summary -> Page.length(summary.owner(), summary.name())));
    }

    private static Summary summary(ResultSet row) throws SQLException {
        if (row.getInt("listed") > MAX_LISTED) {
            throw new TooManyExperimentsException();
        }
        return SUMMARY.map(row);
    }

    /**
     * Returns the results of an experiment; empty if the owner has no such experiment. If it has more than
     * {@value #MAX_TASKS} tasks, the results are those of {@code MAX_TASKS + 1} of them.
     */
    public Optional<Experiment> find(String owner, String name) {
        return database.read(session -> find(session, owner, name));
    }

    private static Optional<Experiment> find(Session session, String owner, String name) throws SQLException {
        List<CaseRow> rows = session.sql(CASES, owner, name)
                .list(row -> new CaseRow(
                        row.getString("case_id"),
                        Sql.time(row, "first_started_at"),
                        Sql.time(row, "last_started_at"),
                        Results.Counts.ROW.map(row)));
        CaseRow total = rows.get(0);
        if (total.firstStartedAt() == null || total.lastStartedAt() == null) {
            return Optional.empty();
        }
        Map<@Nullable String, Cost> costs = new HashMap<>();
        session.sql(COSTS, owner, name)
                .forEach(row -> costs.merge(row.getString("case_id"), Cost.ROW.map(row), Cost::plus));
        SortedMap<String, Results> cases = new TreeMap<>();
        for (CaseRow row : rows) {
            if (row.caseId() != null) {
                cases.put(row.caseId(), row.results(costs));
            }
        }
        return Optional.of(new Experiment(
                owner,
                name,
                total.firstStartedAt(),
                total.lastStartedAt(),
                session.sql(ATTRIBUTES, owner, name).list(row -> row.getString(1)),
                total.results(costs),
                cases));
    }

    /** @param firstStartedAt null if there are no tasks */
    private record CaseRow(
            @Nullable String caseId,
            @Nullable Instant firstStartedAt,
            @Nullable Instant lastStartedAt,
            Results.Counts counts) {
        Results results(Map<@Nullable String, Cost> costs) {
            return new Results(counts, costs.getOrDefault(caseId, Cost.NONE));
        }
    }
}
