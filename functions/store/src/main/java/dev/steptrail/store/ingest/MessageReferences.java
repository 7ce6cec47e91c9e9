package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.model.ObjectKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        Map<UUID, Set<String>> keys = new HashMap<>();
        steps.stream()
                .collect(Collectors.groupingBy(Step::taskId))
                .forEach((taskId, ofTask) -> keys.put(taskId, keys(ofTask)));
        keys.values().forEach(ofTask -> ofTask.forEach(key -> addUploader(senderIds, key)));
        Stream<StepNumberRange> ranges =
                steps.stream().map(step -> StepNumberRange.of(step.taskId(), step.stepNumber()));
        return new MessageReferences(taskIds, senderIds, StepNumberRange.join(ranges), keys);
    }

    private static void addUploader(Set<String> senderIds, String key) {
        String uploader = ObjectKeys.senderId(key);
        if (uploader != null) {
            senderIds.add(uploader);
        }
    }

    /** Returns the first key of each folder, and all invalid keys. */
    private static Set<String> keys(List<Step> steps) {
        Set<String> keys = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (Step step : steps) {
            for (Screenshot screenshot : step.screenshots()) {
                for (String key : Arrays.asList(screenshot.screenshotPath(), screenshot.thumbnailPath())) {
                    if (key != null
                            && (ObjectKeys.senderId(key) == null
                                    || folders.add(key.substring(0, key.lastIndexOf('/'))))) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }
}
