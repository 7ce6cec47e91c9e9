package dev.steptrail.report;

import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.model.StoredAttachment;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a task that a reader may see. Everything that a route returns about a task, and everything in a stored
 * report, passes through this class.
 *
 * @param task the fields that the reader may see; see {@link Task#shared}
 * @param owner the task's owner, whom the reader may not be allowed to see
 * @param reader the name in the audit log: the subject of a token, or {@code share:} and a share link's id
 * @param includesSensitive whether the reader may see screenshots that are marked as sensitive, and what models
 *     received and returned in steps that have such a screenshot, because it may contain the same image
 * @param includesDetails whether the reader may see the owner, the device, the previous task, S3 keys, and fields and
 *     values that the step format does not define
 * @param includesJudgements whether the reader may see verdicts, tags, labels, notes, and the experiment of the task
 * @param includesAuthors whether the reader may see who judged
 * @param includesModelCalls whether the reader may see tokens, cost, and what models received and returned
 * @param includesComparisons whether the reader may see comparisons with other tasks; false for share links
 */
public record TaskView(
        Task task,
        String owner,
        String reader,
        boolean includesSensitive,
        boolean includesDetails,
        boolean includesJudgements,
        boolean includesAuthors,
        boolean includesModelCalls,
        boolean includesComparisons) {
    /** Returns the view of the owner and of admins. */
    public static TaskView full(Task task, String reader) {
        return new TaskView(task, task.owner(), reader, true, true, true, true, true, true);
    }

    /** Returns the view of a reader with a share link that has these contents. */
    public static TaskView shared(Task task, Contents contents, String reader) {
        return new TaskView(
                task.shared(contents.includeDetails(), contents.includeJudgements()),
                task.owner(),
                reader,
                contents.includeSensitive(),
                contents.includeDetails(),
                contents.includeJudgements(),
                false,
                contents.includeModelCalls(),
                false);
    }

    /** Returns what the reader may see of everything that exports contain. */
    public Contents contents() {
        return new Contents(includesSensitive, includesDetails, includesJudgements, includesModelCalls);
    }

    /** Returns the screenshots that the reader may see, with the fields that are needed to sign their URLs. */
    public List<StoredScreenshot> filter(List<StoredScreenshot> screenshots) {
        return includesSensitive
                ? screenshots
                : screenshots.stream()
                        .filter(screenshot -> !screenshot.sensitive())
                        .toList();
    }

    /** Returns the fields of a screenshot that the reader may see. */
    public StoredScreenshot filter(StoredScreenshot screenshot) {
        return includesDetails ? screenshot : screenshot.withoutDetails();
    }

    /**
     * Returns the step without screenshots and fields that the reader may not see.
     *
     * @param withModelCall whether the reader asked for what the step's model received and returned
     */
    public StoredStep filter(StoredStep step, boolean withModelCall) {
        StoredStep visible = includesSensitive ? step : step.withoutSensitiveScreenshots();
        boolean showsCall = includesModelCalls
                && withModelCall
                && visible.screenshots().size() == step.screenshots().size();
        visible = showsCall ? visible : visible.withoutModelCall(includesModelCalls);
        return includesDetails ? visible : visible.withoutDetails();
    }

    /**
     * Returns the attachment that contains a field; empty if there is none, or if the reader may not see it.
     *
     * @param attachments those of a task, or of a step; none if the step has a sensitive screenshot that the reader may
     *     not see
     */
    public Optional<StoredAttachment> filter(List<StoredAttachment> attachments, String field) {
        return attachments.stream()
                .filter(attachment -> attachment.field().equals(field) && mayReadAttachment(field))
                .findFirst();
    }

    /** Returns whether the reader may see all of a field that may be an attachment. */
    private boolean mayReadAttachment(String field) {
        return switch (field) {
            case "model_input", "model_output" -> includesModelCalls;
            case "thinking", "action", "action_result", "error_message" -> true;
            case "attributes" -> includesDetails && includesJudgements;
            default -> includesDetails;
        };
    }

    /** Returns the judgements that the reader may see, without authors if the reader may not see these. */
    public TaskJudgements filter(TaskJudgements judgements) {
        return !includesJudgements ? TaskJudgements.NONE : includesAuthors ? judgements : judgements.withoutAuthors();
    }

    /** Returns the summary without screenshots and texts that the reader may not see. */
    public TaskSummary filter(TaskSummary summary) {
        TaskSummary visible = includesSensitive ? summary : summary.withoutSensitiveScreenshots();
        return includesDetails ? visible : visible.withoutDetails();
    }
}
