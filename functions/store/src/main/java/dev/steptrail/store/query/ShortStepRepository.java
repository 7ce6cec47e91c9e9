package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.model.StepOutcome;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the steps of a task with truncated texts. */
public final class ShortStepRepository {
    /**
     * PostgreSQL truncates the texts, so that only the displayed part of a large task is transferred. It parses
     * {@code step_data} only if that is short.
     */
    private static final String LIST = """
            SELECT step_number,
                   created_at,
                   step_type,
                   left(CASE WHEN long_step_action IS NULL THEN NULLIF((step_data -> 'action')::text, 'null')
                             ELSE NULLIF(long_step_action, '')
                        END, ?) AS action,
                   duration_ms,
                   %s AS succeeded,
                   left(error, ?) AS error,
                   left(thinking, ?) AS thinking,
                   CASE WHEN has_model_call THEN left(step_data ->> 'model_input', ?) END AS model_input,
                   CASE WHEN has_model_call THEN left(step_data ->> 'model_output', ?) END AS model_output,
                   CASE WHEN has_model_call THEN (step_data -> 'attachments')::text END AS attachments
              FROM task_steps
             CROSS JOIN LATERAL (SELECT ? AND (? OR NOT EXISTS (SELECT
                                                                  FROM step_screenshots AS screenshot
                                                                 WHERE screenshot.task_id = ?
                                                                   AND screenshot.step_number = task_steps.step_number
                                                                   AND screenshot.sensitive)) AS has_model_call)
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """.formatted(StepOutcome.SUCCEEDED);

    private static final RecordMapper<ShortStep> SHORT_STEP = RecordMapper.of(ShortStep.class);

    private static final int PAGE_SIZE = 500;

    private final Database database;

    public ShortStepRepository(Database database) {
        this.database = database;
    }

    /**
     * A step with truncated texts.
     *
     * @param action a JSON object, which may be truncated too
     * @param modelInput a text or other JSON; null if it was not recorded, is an attachment, or was not asked for
     * @param modelOutput same for the model's reply
     * @param attachments a JSON array; null if there are none, or they were not asked for
     */
    public record ShortStep(
            int stepNumber,
            Instant createdAt,
            String stepType,
            @Nullable String action,
            @Nullable Long durationMs,
            @Nullable Boolean succeeded,
            @Nullable String error,
            @Nullable String thinking,
            @Nullable String modelInput,
            @Nullable String modelOutput,
            @Nullable String attachments) {}

    /**
     * Passes all steps to the visitor in the order of their numbers.
     *
     * @param maxLength the maximum length of a text in characters, at most 1,000
     * @param withModelCalls whether to read what the steps' models received and returned
     * @param withSensitive whether this includes steps that have a sensitive screenshot
     * @param visitor returns whether to continue
     */
    public void visit(
            UUID taskId, int maxLength, boolean withModelCalls, boolean withSensitive, Predicate<ShortStep> visitor) {
        int after = 0;
        List<ShortStep> steps;
        do {
            int from = after;
            steps = database.readInAutoCommit(session -> session.sql(
                            LIST,
                            maxLength,
                            maxLength,
                            maxLength,
                            maxLength,
                            maxLength,
                            withModelCalls,
                            withSensitive,
                            taskId,
                            taskId,
                            from,
                            PAGE_SIZE)
                    .list(SHORT_STEP));
            for (ShortStep step : steps) {
                if (!visitor.test(step)) {
                    return;
                }
                after = step.stepNumber();
            }
        } while (steps.size() == PAGE_SIZE);
    }
}
