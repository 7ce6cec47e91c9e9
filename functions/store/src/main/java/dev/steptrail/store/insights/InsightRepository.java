package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StepColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the insights that maintenance computed. */
public final class InsightRepository {
    private static final String LIST = """
            SELECT id,
                   owner,
                   task_text,
                   kind,
                   runs,
                   runs_started_at,
                   steps,
                   figures::text,
                   found_at
              FROM insights
             WHERE id < ?
            %s ORDER BY id DESC
             LIMIT ?
            """;

    private static final String HAS_ENOUGH_RUNS = """
            SELECT EXISTS (SELECT
                             FROM run_digests AS d
                             JOIN tasks AS t USING (task_id)
                            WHERE d.task_text <> ''
                              AND coalesce(t.archived_status, t.status) IN ('succeeded', 'failed', 'abandoned')
            %s                GROUP BY d.owner, d.task_text
                           HAVING count(*) >= ?) AS has_enough
            """;

    private final Database database;

    public InsightRepository(Database database) {
        this.database = database;
    }

    /**
     * Selects insights; null selects any.
     *
     * @param owner the owner of the runs
     * @param kind such as {@code flaky}
     * @param taskText as {@link dev.steptrail.insights.TaskText} makes it
     */
    public record Filter(
            @Nullable String owner,
            @Nullable String kind,
            @Nullable String taskText) {}

    /**
     * An insight.
     *
     * @param runs the runs that show it, newest first
     * @param runsStartedAt the start times of the runs
     * @param steps the step_ids that show it, if single steps do
     * @param figures a JSON object, by kind
     */
    public record StoredInsight(
            long id,
            String owner,
            String taskText,
            String kind,
            List<UUID> runs,
            List<Instant> runsStartedAt,
            List<String> steps,
            String figures,
            Instant foundAt) {}

    /**
     * Returns a page of the insights, newest first.
     *
     * @param before the last id of the page before; null for the first page
     * @param limit at least 1
     */
    public Page<StoredInsight> page(Filter filter, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("kind = ?", filter.kind())
                .and("task_text = ?", filter.taskText());
        return Page.read(database, limit, connection -> Sql.of(
                        connection,
                        LIST.formatted(conditions.sql()),
                        before == null ? Long.MAX_VALUE : before,
                        conditions,
                        limit + 1)
                .page(limit, InsightRepository::insight, insight -> Page.length(insight.figures())));
    }

    /**
     * Returns whether there is a text with at least {@code least} ended runs.
     *
     * @param owner the owner of the runs; null for any
     * @param taskText the text, as {@link dev.steptrail.insights.TaskText} makes it; null for any
     */
    public boolean hasEnoughRuns(@Nullable String owner, @Nullable String taskText, int least) {
        Conditions conditions = new Conditions().and("d.owner = ?", owner).and("d.task_text = ?", taskText);
        return database.readOnce(
                connection -> Sql.of(connection, HAS_ENOUGH_RUNS.formatted(conditions.sql()), conditions, least)
                        .one(row -> row.getBoolean("has_enough")));
    }

    private static StoredInsight insight(ResultSet row) throws SQLException {
        return new StoredInsight(
                row.getLong("id"),
                row.getString("owner"),
                row.getString("task_text"),
                row.getString("kind"),
                List.of((UUID[]) row.getArray("runs").getArray()),
                Arrays.stream((Timestamp[]) row.getArray("runs_started_at").getArray())
                        .map(Timestamp::toInstant)
                        .toList(),
                List.of((String[]) row.getArray("steps").getArray()),
                row.getString("figures"),
                StepColumns.requiredTime(row, "found_at"));
    }
}
