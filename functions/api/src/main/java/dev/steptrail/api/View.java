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
 * @param includesOthers whether the reader may see comparisons with other tasks; false for share links
 */
record View(Task task, String reader, boolean includesSensitive, boolean includesOthers) {
    /** Returns the view of the owner and of admins. */
    static View whole(Task task, String reader) {
        return new View(task, reader, true, true);
    }

    /** Returns the view of a reader with a share link. */
    static View shared(Task task, String reader, boolean includesSensitive) {
        return new View(task, reader, includesSensitive, false);
    }

    /** Returns the screenshots that the reader may see. */
    List<StoredScreenshot> of(List<StoredScreenshot> screenshots) {
        return includesSensitive
                ? screenshots
                : screenshots.stream()
                        .filter(screenshot -> !screenshot.sensitive())
                        .toList();
    }

    /** Returns the step without what the reader may not see. */
    StoredStep of(StoredStep step) {
        return includesSensitive ? step : step.withoutSensitiveScreenshots();
    }

    /** Returns the summary without what the reader may not see. */
    TaskSummary of(TaskSummary summary) {
        return includesSensitive ? summary : summary.withoutSensitiveScreenshots();
    }
}
