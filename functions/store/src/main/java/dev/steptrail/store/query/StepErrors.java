package dev.steptrail.store.query;

import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.ErrorCause;
import dev.steptrail.store.model.TaskSummary.StepError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the first errors of a task, up to the limit of a summary, and counts their causes. Not thread-safe. */
final class StepErrors {
    private static final int MAX_CAUSES = 100;

    /**
     * The maximum number of distinct causes; further ones are not counted. Senders write the messages, so all may
     * differ.
     */
    private static final int MAX_DISTINCT_CAUSES = 10_000;

    private static final int MAX_CAUSE_LENGTH = 200;

    private final List<StepError> listed = new ArrayList<>();
    private final Map<@Nullable String, ErrorCause> causes = new HashMap<>();
    private int bytes;

    /** Returns whether no further error will be listed. */
    boolean isFull() {
        return listed.size() == TaskSummary.MAX_LISTED || bytes > TaskSummariser.MAX_ERROR_BYTES;
    }

    void add(StepError error) {
        count(error);
        if (isFull()) {
            return;
        }
        String message = error.errorMessage();
        bytes += message == null ? 0 : message.getBytes(StandardCharsets.UTF_8).length;
        if (bytes <= TaskSummariser.MAX_ERROR_BYTES) {
            listed.add(error);
        }
    }

    private void count(StepError error) {
        String cause =
                error.errorMessage() == null ? null : TextTruncator.truncate(error.errorMessage(), MAX_CAUSE_LENGTH);
        ErrorCause existing = causes.get(cause);
        int number = error.stepNumber();
        if (existing != null) {
            causes.put(cause, new ErrorCause(cause, existing.count() + 1, existing.firstStep(), number));
        } else if (causes.size() < MAX_DISTINCT_CAUSES) {
            causes.put(cause, new ErrorCause(cause, 1, number, number));
        }
    }

    List<StepError> listed() {
        return List.copyOf(listed);
    }

    /** Returns the causes, most frequent first, then by their first step. */
    List<ErrorCause> causes() {
        return causes.values().stream()
                .sorted(Comparator.comparingInt(ErrorCause::count).reversed().thenComparing(ErrorCause::firstStep))
                .limit(MAX_CAUSES)
                .toList();
    }
}
