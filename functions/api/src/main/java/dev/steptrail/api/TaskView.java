package dev.steptrail.api;

import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import java.util.List;

/**
 * The parts of a task that a reader may see.
 *
 * @param reader the name in the audit log: the subject of a token, or {@code share:} and a share link's id
 * @param includesSensitive whether the reader may see screenshots that are marked as sensitive
 * @param includesComparisons whether the reader may see comparisons with other tasks; false for share links
 */
record TaskView(Task task, String reader, boolean includesSensitive, boolean includesComparisons) {
    /** Returns the view of the owner and of admins. */
    static TaskView full(Task task, String reader) {
        return new TaskView(task, reader, true, true);
    }

    /** Returns the view of a reader with a share link. */
    static TaskView shared(Task task, String reader, boolean includesSensitive) {
        return new TaskView(task, reader, includesSensitive, false);
    }

    /** Returns the screenshots that the reader may see. */
    List<StoredScreenshot> filter(List<StoredScreenshot> screenshots) {
        return includesSensitive
                ? screenshots
                : screenshots.stream()
                        .filter(screenshot -> !screenshot.sensitive())
                        .toList();
    }

    /** Returns the step without screenshots that the reader may not see. */
    StoredStep filter(StoredStep step) {
        return includesSensitive ? step : step.withoutSensitiveScreenshots();
    }

    /** Returns the summary without screenshots that the reader may not see. */
    TaskSummary filter(TaskSummary summary) {
        return includesSensitive ? summary : summary.withoutSensitiveScreenshots();
    }
}
