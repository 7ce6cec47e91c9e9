package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the insights that maintenance computed. */
public final class InsightRepository {
    private static final RecordMapper<StoredInsight> INSIGHT = RecordMapper.of(StoredInsight.class);

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
     * @param taskText the instruction, normalized by {@link dev.steptrail.insights.TaskText}
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
     * @param steps the step_ids that show it, if any
     * @param figures a JSON object whose fields depend on the kind
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

    /** Returns a page of the insights, newest first. */
    public Page<StoredInsight> page(Filter filter, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("kind = ?", filter.kind())
                .and("task_text = ?", filter.taskText());
        return Page.read(
                database,
                limit,
                session -> Page.newestFirst(
                        session,
                        INSIGHT,
                        "insights",
                        conditions,
                        before,
                        limit,
                        insight -> Page.length(insight.figures())));
    }

    /**
     * Returns whether there is a text with at least {@code least} ended runs.
     *
     * @param owner the owner of the runs; null for any
     * @param taskText the instruction, normalized by {@link dev.steptrail.insights.TaskText}; null for any
     */
    public boolean hasEnoughRuns(@Nullable String owner, @Nullable String taskText, int least) {
        Conditions conditions = new Conditions().and("d.owner = ?", owner).and("d.task_text = ?", taskText);
        return database.readOnce(session -> session.sql(HAS_ENOUGH_RUNS.formatted(conditions.sql()), conditions, least)
                .one(row -> row.getBoolean("has_enough")));
    }
}
