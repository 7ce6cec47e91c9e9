package dev.steptrail.api;

import dev.steptrail.store.admin.ShareRepository.SharedTask;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import java.util.List;

/**
 * The parts of a task that a reader may see. Everything that a route returns about a task passes through this class.
 *
 * @param task the fields that the reader may see; see {@link Task#shared}
 * @param owner the task's owner, whom the reader may not be allowed to see
 * @param reader the name in the audit log: the subject of a token, or {@code share:} and a share link's id
 * @param includesSensitive whether the reader may see screenshots that are marked as sensitive
 * @param includesDetails whether the reader may see the owner, the device, the previous task, S3 keys, and fields and
 *     values that the step format does not define
 * @param includesComparisons whether the reader may see comparisons with other tasks; false for share links
 */
record TaskView(
        Task task,
        String owner,
        String reader,
        boolean includesSensitive,
        boolean includesDetails,
        boolean includesComparisons) {
    /** Returns the view of the owner and of admins. */
    static TaskView full(Task task, String reader) {
        return new TaskView(task, task.owner(), reader, true, true, true);
    }

    /** Returns the view of a reader with a share link. */
    static TaskView shared(SharedTask shared) {
        Task task = shared.task();
        return new TaskView(
                task.shared(shared.includeDetails()),
                task.owner(),
                ShareLinkAuthenticator.READER_PREFIX + shared.shareId(),
                shared.includeSensitive(),
                shared.includeDetails(),
                false);
    }

    /** Returns whether the reader may see everything about the task, as exports contain it. */
    boolean isComplete() {
        return includesSensitive && includesDetails;
    }

    /** Returns whether the reader may see tokens and costs; false for share links. */
    boolean includesUsage() {
        return includesComparisons;
    }

    /** Returns the screenshots that the reader may see, with the fields that are needed to sign their URLs. */
    List<StoredScreenshot> filter(List<StoredScreenshot> screenshots) {
        return includesSensitive
                ? screenshots
                : screenshots.stream()
                        .filter(screenshot -> !screenshot.sensitive())
                        .toList();
    }

    /** Returns the fields of a screenshot that the reader may see. */
    StoredScreenshot filter(StoredScreenshot screenshot) {
        return includesDetails ? screenshot : screenshot.withoutDetails();
    }

    /** Returns the step without screenshots and fields that the reader may not see. */
    StoredStep filter(StoredStep step) {
        StoredStep visible = includesSensitive ? step : step.withoutSensitiveScreenshots();
        return includesDetails ? visible : visible.withoutDetails();
    }

    /** Returns the summary without screenshots and texts that the reader may not see. */
    TaskSummary filter(TaskSummary summary) {
        TaskSummary visible = includesSensitive ? summary : summary.withoutSensitiveScreenshots();
        return includesDetails ? visible : visible.withoutDetails();
    }
}
