package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.model.ObjectKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks, senders, steps and objects that a message refers to, which {@link BatchReader} looks up.
 *
 * @param senderIds the senders of the message and of the objects that it references
 * @param keys by task, one key of a screenshot or thumbnail per folder, and all keys with an invalid format; if these
 *     are allowed, all keys are
 */
record MessageReferences(
        Set<UUID> taskIds, Set<String> senderIds, List<StepNumberRange> steps, Map<UUID, Set<String>> keys) {
    static MessageReferences of(String senderId, List<MessageRecord> records) {
        Set<UUID> taskIds = new HashSet<>();
        Set<String> senderIds = new HashSet<>();
        List<Step> steps = new ArrayList<>();
        senderIds.add(senderId);
        for (MessageRecord element : records) {
            UUID taskId = element.taskId();
            if (taskId != null) {
                taskIds.add(taskId);
            }
            if (element instanceof MessageRecord.Valid valid) {
                Attachment.of(valid.record()).forEach(attachment -> addUploader(senderIds, attachment.path()));
                if (valid.record() instanceof Step step) {
                    steps.add(step);
                }
            }
        }
        Keys keys = new Keys();
        steps.forEach(keys::add);
        keys.byTask.values().forEach(taskKeys -> taskKeys.forEach(key -> addUploader(senderIds, key)));
        Stream<StepNumberRange> ranges =
                steps.stream().map(step -> StepNumberRange.of(step.taskId(), step.stepNumber()));
        return new MessageReferences(taskIds, senderIds, StepNumberRange.join(ranges), keys.byTask);
    }

    private static void addUploader(Set<String> senderIds, String key) {
        String uploader = ObjectKeys.senderId(key);
        if (uploader != null) {
            senderIds.add(uploader);
        }
    }

    /** Collects the first key of each folder, and all invalid keys. */
    private static final class Keys {
        private final Map<UUID, Set<String>> byTask = new HashMap<>();
        private final Map<UUID, Set<String>> folders = new HashMap<>();
        private @Nullable Folder last;

        private record Folder(UUID taskId, String name) {}

        private void add(Step step) {
            for (Screenshot screenshot : step.screenshots()) {
                add(step.taskId(), screenshot.screenshotPath());
                add(step.taskId(), screenshot.thumbnailPath());
            }
        }

        private void add(UUID taskId, @Nullable String key) {
            if (key == null
                    || (last != null && last.taskId.equals(taskId) && ObjectKeys.isFileInFolder(last.name, key))) {
                return;
            }
            boolean valid = ObjectKeys.senderId(key) != null;
            String folder = key.substring(0, key.lastIndexOf('/') + 1);
            if (valid) {
                last = new Folder(taskId, folder);
            }
            if (!valid || folders.computeIfAbsent(taskId, id -> new HashSet<>()).add(folder)) {
                byTask.computeIfAbsent(taskId, id -> new HashSet<>()).add(key);
            }
        }
    }
}
