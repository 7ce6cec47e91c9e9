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

    private static final String HAS_ENOUGH_TASKS = """
            SELECT EXISTS (SELECT
                             FROM task_digests AS d
                             JOIN tasks AS t USING (task_id)
                            WHERE d.instruction <> ''
                              AND (%1$s) IS NOT NULL
            %2$s                GROUP BY d.owner, d.instruction
                           HAVING count(*) >= ?) AS has_enough
            """;

    private final Database database;

    public InsightRepository(Database database) {
        this.database = database;
    }

    /**
     * Filters insights. A null field matches all insights.
     *
     * @param owner the owner of the tasks
     * @param kind such as {@code flaky}
     * @param instruction the instruction, normalized by {@link dev.steptrail.insights.InstructionText}
     */
    public record Filter(
            @Nullable String owner,
            @Nullable String kind,
            @Nullable String instruction) {}

    /**
     * An insight.
     *
     * @param tasks the tasks that are evidence, newest first
     * @param tasksStartedAt the start times of these tasks
     * @param steps the step ids that are evidence; may be empty
     * @param figures a JSON object whose fields depend on the kind
     */
    public record StoredInsight(
            long id,
            String owner,
            String instruction,
            String kind,
            List<UUID> tasks,
            List<Instant> tasksStartedAt,
            List<String> steps,
            String figures,
            Instant foundAt) {}

    /** Returns a page of the insights, newest first. */
    public Page<StoredInsight> page(Filter filter, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("kind = ?", filter.kind())
                .and("instruction = ?", filter.instruction());
        return Page.newestFirst(
                database, INSIGHT, "insights", conditions, before, limit, insight -> Page.length(insight.figures()));
    }

    /**
     * Returns whether an instruction has at least {@code min} ended tasks.
     *
     * @param owner the owner of the tasks; null for any
     * @param instruction the instruction, normalized by {@link dev.steptrail.insights.InstructionText}; null for any
     */
    public boolean hasEnoughTasks(@Nullable String owner, @Nullable String instruction, int min) {
        Conditions conditions = new Conditions().and("d.owner = ?", owner).and("d.instruction = ?", instruction);
        return database.readInAutoCommit(session -> session.sql(
                        HAS_ENOUGH_TASKS.formatted(TaskDigests.SUCCEEDED, conditions.sql()), conditions, min)
                .single(row -> row.getBoolean("has_enough")));
    }
}
