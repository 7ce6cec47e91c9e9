package dev.steptrail.api;

import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import java.util.List;

/**
 * What a reader sees of a task.
 *
 * @param reader who reads, as the audit log names them: the subject of a token, or {@code share:} and the id of a link
 * @param includesSensitive whether they see screenshots that were marked as sensitive
 * @param includesOthers whether they see what the owner's other tasks say of it: who has a link sees the one task
 */
record View(Task task, String reader, boolean includesSensitive, boolean includesOthers) {
    /** What its owner sees, and an admin. */
    static View whole(Task task, String reader) {
        return new View(task, reader, true, true);
    }

    /** What they see who have a link. */
    static View shared(Task task, String reader, boolean includesSensitive) {
        return new View(task, reader, includesSensitive, false);
    }

    /** Those of these screenshots that the reader may see. */
    List<StoredScreenshot> of(List<StoredScreenshot> screenshots) {
        return includesSensitive
                ? screenshots
                : screenshots.stream()
                        .filter(screenshot -> !screenshot.sensitive())
                        .toList();
    }

    /** The step as far as the reader may see it. */
    StoredStep of(StoredStep step) {
        return includesSensitive ? step : step.withoutSensitive();
    }

    /** The summary as far as the reader may see it. */
    TaskSummary of(TaskSummary summary) {
        return includesSensitive ? summary : summary.withoutSensitive();
    }
}
