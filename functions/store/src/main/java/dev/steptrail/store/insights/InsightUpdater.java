package dev.steptrail.store.insights;

import dev.steptrail.insights.Insight;
import dev.steptrail.insights.InstructionRules;
import dev.steptrail.insights.OwnerRules;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.JsonColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Recomputes the insights of stale instructions from the digests of their latest tasks, one instruction at a time. The
 * empty instruction represents all tasks of an owner. Only one instance may run at a time; {@code MaintenanceRuns}
 * ensures that.
 */
public final class InsightUpdater {
    private static final String NEXT = """
            WITH next AS (
                SELECT owner,
                       instruction
                  FROM stale_instructions
                 WHERE due_at <= now()
                 ORDER BY due_at, owner, instruction
                 LIMIT 1
                   FOR UPDATE
            )
            """;

    private static final String DELETE_NEXT = NEXT + """
            DELETE FROM stale_instructions AS s
             USING next
             WHERE (s.owner, s.instruction) = (next.owner, next.instruction)
            RETURNING s.owner,
                      s.instruction
            """;

    private static final String POSTPONE = NEXT + """
            UPDATE stale_instructions AS s
               SET due_at = now() + interval '1 hour'
              FROM next
             WHERE (s.owner, s.instruction) = (next.owner, next.instruction)
            """;

    private static final String DELETE = """
            DELETE FROM insights
             WHERE owner = ?
               AND instruction = ?
            """;

    private static final String INSERT = """
            INSERT INTO insights (owner, instruction, kind, tasks, tasks_started_at, steps, figures)
            SELECT i.owner,
                   i.instruction,
                   i.kind,
                   i.tasks,
                   ARRAY(SELECT t.started_at
                           FROM unnest(i.tasks) WITH ORDINALITY AS counted (task_id, place)
                           JOIN tasks AS t USING (task_id)
                          ORDER BY place),
                   i.steps,
                   i.figures
              FROM (VALUES (?, ?, ?, ?::uuid[], ?::text[], ?::jsonb)) AS i (owner, instruction, kind, tasks, steps, figures)
            """;

    /** Groups an owner's latest 10,000 failures by the error of the last failed step, normalized by ErrorText. */
    private static final String SIMILAR_FAILURES = """
            WITH failures AS (
                SELECT d.task_id,
                       d.error
                  FROM task_digests AS d
                  JOIN tasks AS t USING (task_id)
                 WHERE d.owner = ?
                   AND NOT (%s)
                 ORDER BY d.task_id DESC
                 LIMIT 10000
            )
            SELECT error,
                   count(*)                                          AS tasks,
                   (SELECT count(*) FROM failures)                   AS failures,
                   (array_agg(task_id ORDER BY task_id DESC))[1:100] AS newest
              FROM failures
             WHERE error IS NOT NULL
             GROUP BY error
            HAVING count(*) >= 2
             ORDER BY count(*) DESC, error
             LIMIT 100
            """.formatted(TaskDigests.SUCCEEDED);

    private final Database database;

    public InsightUpdater(Database database) {
        this.database = database;
    }

    private record StaleInstruction(String owner, String instruction) {}

    /**
     * Updates the insights of the instruction that has been stale for longest.
     *
     * @param timeout the timeout of each statement
     * @return the number of insights; empty if no instruction is due
     */
    public OptionalInt updateNext(Duration timeout) {
        return database.inTransaction(timeout, session -> {
            Optional<StaleInstruction> stale = session.sql(DELETE_NEXT).first(RecordMapper.of(StaleInstruction.class));
            return stale.isEmpty() ? OptionalInt.empty() : OptionalInt.of(update(session, stale.get()));
        });
    }

    /** Postpones the next instruction by an hour after a failure, so that it does not block others. */
    public void postponeNext() {
        database.inTransaction(session -> session.sql(POSTPONE).update());
    }

    private static int update(Session session, StaleInstruction stale) throws SQLException {
        String owner = stale.owner();
        String instruction = stale.instruction();
        List<Insight> insights = new ArrayList<>(
                instruction.isEmpty()
                        ? ownerInsights(session, owner)
                        : InstructionRules.evaluate(TaskDigests.findByInstruction(session, owner, instruction)));
        session.sql(DELETE, owner, instruction).update();
        // Readers list the highest ids first, and the first insights are the most important.
        Collections.reverse(insights);
        for (Insight insight : insights) {
            List<String> steps = insight.steps().stream()
                    .map(step -> step.taskId() + "." + step.stepNumber())
                    .toList();
            session.sql(
                            INSERT,
                            owner,
                            instruction,
                            insight.kind(),
                            Sql.array("uuid", insight.tasks()),
                            Sql.array("text", steps),
                            JsonColumn.writeSorted(insight.figures()))
                    .update();
        }
        return insights.size();
    }

    private static List<Insight> ownerInsights(Session session, String owner) throws SQLException {
        List<Insight> insights = session.sql(SIMILAR_FAILURES, owner).list(InsightUpdater::similarFailures);
        insights.addAll(
                OwnerRules.evaluate(TaskDigests.findLatest(session, owner), TaskDigests.findFailed(session, owner)));
        return insights;
    }

    private static Insight similarFailures(ResultSet row) throws SQLException {
        return new Insight(
                "similar_failures",
                List.of((UUID[]) row.getArray("newest").getArray()),
                List.of(),
                Map.of(
                        "error", row.getString("error"),
                        "tasks", row.getLong("tasks"),
                        "failures", row.getLong("failures")));
    }
}
