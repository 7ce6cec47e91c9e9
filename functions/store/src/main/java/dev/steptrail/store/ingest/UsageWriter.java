package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Usage;
import dev.steptrail.store.ingest.TaskRecords.ReceivedStep;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Adds the tokens of new steps to {@code task_usage}. */
final class UsageWriter {
    /** As in task_steps: more cached tokens than input tokens would make the cost of the input negative. */
    private static final String ADD = """
            INSERT INTO task_usage AS u (task_id, day, steps, input_tokens, cached_tokens, output_tokens)
            SELECT task_id,
                   day,
                   count(*),
                   sum(coalesce(input, 0)),
                   sum(least(coalesce(cached, 0), coalesce(input, 0))),
                   sum(coalesce(output, 0))
              FROM unnest(?::uuid[], ?::date[], ?::integer[], ?::integer[], ?::integer[])
                   AS step (task_id, day, input, cached, output)
             GROUP BY task_id, day
             ORDER BY task_id, day
            ON CONFLICT (task_id, day) DO UPDATE
               SET steps         = u.steps + excluded.steps,
                   input_tokens  = u.input_tokens + excluded.input_tokens,
                   cached_tokens = u.cached_tokens + excluded.cached_tokens,
                   output_tokens = u.output_tokens + excluded.output_tokens
            """;

    private record StepUsage(UUID taskId, LocalDate day, Usage tokens) {}

    private UsageWriter() {}

    private static boolean hasTokens(Usage usage) {
        return usage.inputTokens() != null || usage.cachedTokens() != null || usage.outputTokens() != null;
    }

    /** Adds the tokens of steps that this transaction has inserted. The caller must hold the locks of their tasks. */
    static void add(Session session, Collection<ReceivedStep> newSteps) throws SQLException {
        List<StepUsage> rows = new ArrayList<>();
        for (ReceivedStep step : newSteps) {
            Usage usage = step.usage();
            if (usage != null && hasTokens(usage)) {
                rows.add(new StepUsage(step.taskId(), LocalDate.ofInstant(step.recordedAt(), ZoneOffset.UTC), usage));
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        session.sql(
                        ADD,
                        Sql.column("uuid", rows, StepUsage::taskId),
                        Sql.column("date", rows, StepUsage::day),
                        Sql.column("integer", rows, row -> row.tokens().inputTokens()),
                        Sql.column("integer", rows, row -> row.tokens().cachedTokens()),
                        Sql.column("integer", rows, row -> row.tokens().outputTokens()))
                .update();
    }
}
