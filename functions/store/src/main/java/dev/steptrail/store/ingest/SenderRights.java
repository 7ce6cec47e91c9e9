package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.Senders;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Checks what the sender of a message may write: for which owners, to which tasks, and with which object keys. */
final class SenderRights {
    private static final int MAX_OWNER = 256;

    private static final String SCREENSHOTS = "screenshots";

    private static final String KEY_RULE =
            "must be %s/<sender>/<task_id>/<file> of at most 1024 bytes without control characters; the sender must"
                    + " belong to the task's owner or to the owner of the sending agent";

    private final Senders senders;
    private final Agent agent;
    private final MessageReferences references;
    private final Map<UUID, Map<String, Boolean>> mayReferenceAll = new HashMap<>();

    SenderRights(Senders senders, Agent agent, MessageReferences references) {
        this.senders = senders;
        this.agent = agent;
        this.references = references;
    }

    String ownOwner() {
        return agent.owner();
    }

    /** Returns the reason to reject a record; null if it is allowed. {@code task} is null if the task is not stored. */
    @Nullable
    String rejectionReason(MessageRecord.Valid element, @Nullable KnownTask task) {
        StepRecord record = element.record();
        if (record instanceof TaskStarted started && started.onBehalfOf() != null) {
            if (!isOwner(started.onBehalfOf())) {
                return "on_behalf_of: must be 1 to " + MAX_OWNER + " characters";
            }
            if (!agent.mayRecordFor(started.onBehalfOf())) {
                return "on_behalf_of: this sender may not record for that owner";
            }
        }
        String owner = ownerOf(record, task);
        if (task != null && !task.owner().equals(owner)) {
            boolean mayHandOver = !task.startReceived() && task.owner().equals(agent.owner());
            if (!mayHandOver) {
                return "task_id: the task belongs to another owner";
            }
        }
        Payload payload = element.payload();
        if (payload != null && !mayReference(Payload.FOLDER, owner, record.taskId(), payload.path())) {
            return "payload.path: " + KEY_RULE.formatted(Payload.FOLDER);
        }
        return record instanceof Step step && !mayReferenceAll(step.taskId(), owner)
                ? rejectionReason(owner, step)
                : null;
    }

    private static boolean isOwner(String name) {
        return !name.isEmpty() && name.codePointCount(0, name.length()) <= MAX_OWNER;
    }

    /** Returns whether all screenshot keys in the message's records of a task are allowed. Cached. */
    private boolean mayReferenceAll(UUID taskId, String owner) {
        return mayReferenceAll
                .computeIfAbsent(taskId, id -> new HashMap<>())
                .computeIfAbsent(owner, asked -> references.keys().getOrDefault(taskId, Set.of()).stream()
                        .allMatch(key -> mayReference(SCREENSHOTS, asked, taskId, key)));
    }

    private @Nullable String rejectionReason(String owner, Step step) {
        for (int i = 0; i < step.screenshots().size(); i++) {
            Screenshot screenshot = step.screenshots().get(i);
            if (!mayReference(SCREENSHOTS, owner, step.taskId(), screenshot.screenshotPath())) {
                return "screenshots[" + i + "].screenshot_path: " + KEY_RULE.formatted(SCREENSHOTS);
            }
            if (screenshot.thumbnailPath() != null
                    && !mayReference(SCREENSHOTS, owner, step.taskId(), screenshot.thumbnailPath())) {
                return "screenshots[" + i + "].thumbnail_path: " + KEY_RULE.formatted(SCREENSHOTS);
            }
        }
        return null;
    }

    private boolean mayReference(String folder, String owner, UUID taskId, String key) {
        return senders.isKeyOf(folder, owner, taskId, key) || senders.isKeyOf(folder, agent.owner(), taskId, key);
    }

    /** Returns the owner in the record, else the task's owner if the sender may record for it, else its own. */
    String ownerOf(StepRecord record, @Nullable KnownTask task) {
        if (record instanceof TaskStarted started && started.onBehalfOf() != null) {
            return started.onBehalfOf();
        }
        return task != null && agent.mayRecordFor(task.owner()) ? task.owner() : agent.owner();
    }
}
