package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Usage;
import dev.steptrail.store.ingest.TaskRecords.ReceivedStep;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds the tokens of new steps to {@code task_usage}. */
final class UsageWriter {
    private static final String ADD = """
            INSERT INTO task_usage AS u (task_id, day, steps, input_tokens, cached_tokens, output_tokens)
            SELECT *
              FROM unnest(?::uuid[], ?::date[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
            ON CONFLICT (task_id, day) DO UPDATE
               SET steps         = u.steps + excluded.steps,
                   input_tokens  = u.input_tokens + excluded.input_tokens,
                   cached_tokens = u.cached_tokens + excluded.cached_tokens,
                   output_tokens = u.output_tokens + excluded.output_tokens
            """;

    private record Key(UUID taskId, LocalDate day) {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::taskId, StepNumberRange.ID_ORDER).thenComparing(Key::day);
    }

    private record Tokens(long steps, long input, long cached, long output) {
        static Tokens of(Usage usage) {
            long input = count(usage.inputTokens());
            // As in task_steps: more cached tokens than input tokens would make the cost of the input negative.
            return new Tokens(1, input, Math.min(count(usage.cachedTokens()), input), count(usage.outputTokens()));
        }

        private static long count(@Nullable Integer tokens) {
            return tokens == null ? 0 : tokens;
        }

        Tokens plus(Tokens other) {
            return new Tokens(steps + other.steps, input + other.input, cached + other.cached, output + other.output);
        }
    }

    private UsageWriter() {}

    private static boolean hasTokens(Usage usage) {
        return usage.inputTokens() != null || usage.cachedTokens() != null || usage.outputTokens() != null;
    }

    /** Adds the tokens of steps that this transaction has inserted. The caller must hold the locks of their tasks. */
    static void add(Session session, Collection<ReceivedStep> newSteps) throws SQLException {
        Map<Key, Tokens> totals = new TreeMap<>(Key.ORDER);
        for (ReceivedStep step : newSteps) {
            Usage usage = step.usage();
            if (usage != null && hasTokens(usage)) {
                LocalDate day = LocalDate.ofInstant(step.recordedAt(), ZoneOffset.UTC);
                totals.merge(new Key(step.taskId(), day), Tokens.of(usage), Tokens::plus);
            }
        }
        if (totals.isEmpty()) {
            return;
        }
        Collection<Map.Entry<Key, Tokens>> rows = totals.entrySet();
        session.sql(
                        ADD,
                        Sql.column("uuid", rows, row -> row.getKey().taskId()),
                        Sql.column("date", rows, row -> row.getKey().day()),
                        Sql.column("bigint", rows, row -> row.getValue().steps()),
                        Sql.column("bigint", rows, row -> row.getValue().input()),
                        Sql.column("bigint", rows, row -> row.getValue().cached()),
                        Sql.column("bigint", rows, row -> row.getValue().output()))
                .update();
    }
}
