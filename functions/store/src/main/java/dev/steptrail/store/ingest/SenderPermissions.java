package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.RegisteredAgents;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Checks what the sender of a message may write: for which owners, to which tasks and with which object keys. */
final class SenderPermissions {
    private static final int MAX_OWNER = 256;

    private static final String SCREENSHOTS = "screenshots";

    private static final String KEY_RULE =
            "must be %s/<sender>/<task_id>/<file>, at most 1024 bytes, without control characters; <sender>"
                    + " must be registered for the task's owner or for the owner of this message's sender";

    private final RegisteredAgents agents;
    private final Agent agent;
    private final ReceivedMessage message;
    private final Map<UUID, Map<String, Boolean>> allowedByTaskAndOwner = new HashMap<>();

    SenderPermissions(RegisteredAgents agents, Agent agent, ReceivedMessage message) {
        this.agents = agents;
        this.agent = agent;
        this.message = message;
    }

    String senderOwner() {
        return agent.owner();
    }

    /** Returns the reason to reject a record; null if it is allowed. {@code task} is null if the task is not stored. */
    @Nullable
    String rejectionReason(MessageRecord.Valid element, @Nullable StoredTaskState task) {
        StepRecord record = element.record();
        if (record instanceof TaskStarted started && started.onBehalfOf() != null) {
            if (!isValidOwner(started.onBehalfOf())) {
                return "on_behalf_of: must be 1 to " + MAX_OWNER + " characters";
            }
            if (!agent.mayRecordFor(started.onBehalfOf())) {
                return "on_behalf_of: the sender is not registered to record for this owner";
            }
        }
        String owner = findOwner(record, task);
        if (task != null && !task.owner().equals(owner)) {
            // Before task_started arrives, a task has its sender's owner. Then task_started may set another one.
            boolean canTransfer = !task.startReceived() && task.owner().equals(agent.owner());
            if (!canTransfer) {
                return "task_id: the task belongs to another owner";
            }
        }
        List<Attachment> attachments = Attachment.of(record);
        for (int i = 0; i < attachments.size(); i++) {
            if (!isKeyAllowed(
                    Attachment.FOLDER,
                    owner,
                    record.taskId(),
                    attachments.get(i).path())) {
                return "attachments[" + i + "].path: " + KEY_RULE.formatted(Attachment.FOLDER);
            }
        }
        if (!(record instanceof Step step)) {
            return null;
        }
        return areKeysAllowed(step.taskId(), owner) ? null : rejectionReason(owner, step);
    }

    private static boolean isValidOwner(String name) {
        return !name.isEmpty() && name.codePointCount(0, name.length()) <= MAX_OWNER;
    }

    /** Returns whether all keys of a task in the message are allowed. Cached, because it is called for each step. */
    private boolean areKeysAllowed(UUID taskId, String owner) {
        return allowedByTaskAndOwner
                .computeIfAbsent(taskId, id -> new HashMap<>())
                .computeIfAbsent(owner, taskOwner -> message.keys().getOrDefault(taskId, Set.of()).stream()
                        .allMatch(key -> isKeyAllowed(SCREENSHOTS, taskOwner, taskId, key)));
    }

    private @Nullable String rejectionReason(String owner, Step step) {
        for (int i = 0; i < step.screenshots().size(); i++) {
            Screenshot screenshot = step.screenshots().get(i);
            if (!isKeyAllowed(SCREENSHOTS, owner, step.taskId(), screenshot.screenshotPath())) {
                return "screenshots[" + i + "].screenshot_path: " + KEY_RULE.formatted(SCREENSHOTS);
            }
            if (screenshot.thumbnailPath() != null
                    && !isKeyAllowed(SCREENSHOTS, owner, step.taskId(), screenshot.thumbnailPath())) {
                return "screenshots[" + i + "].thumbnail_path: " + KEY_RULE.formatted(SCREENSHOTS);
            }
        }
        return null;
    }

    private boolean isKeyAllowed(String folder, String owner, UUID taskId, String key) {
        return agents.isKeyOf(folder, owner, taskId, key) || agents.isKeyOf(folder, agent.owner(), taskId, key);
    }

    /** Returns {@code on_behalf_of}, else the task's owner if the sender may record for it, else the sender's owner. */
    String findOwner(StepRecord record, @Nullable StoredTaskState task) {
        if (record instanceof TaskStarted started && started.onBehalfOf() != null) {
            return started.onBehalfOf();
        }
        return task != null && agent.mayRecordFor(task.owner()) ? task.owner() : agent.owner();
    }
}
