package dev.steptrail.store;

import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What must be looked up before a message can be judged.
 *
 * @param taskIds the tasks that its records name
 * @param senderIds who sent it, and under whom lie the objects that it names
 */
record MessageNames(Set<UUID> taskIds, Set<String> senderIds) {
    static MessageNames of(String senderId, List<MessageRecord> records) {
        Set<UUID> taskIds = new HashSet<>();
        Uploaders uploaders = new Uploaders();
        uploaders.ids.add(senderId);
        for (MessageRecord element : records) {
            UUID taskId = element.taskId();
            if (taskId != null) {
                taskIds.add(taskId);
            }
            if (element instanceof MessageRecord.Valid valid) {
                uploaders.add(valid);
            }
        }
        return new MessageNames(taskIds, uploaders.ids);
    }

    /** Under whom objects lie. Of keys beside each other, as those of a task mostly are, only the first is looked at closely. */
    private static final class Uploaders {
        private final Set<String> ids = new HashSet<>();
        private @Nullable String last;

        private void add(MessageRecord.Valid element) {
            if (element.payload() != null) {
                add(element.payload().path());
            }
            if (element.record() instanceof Step step) {
                for (Screenshot screenshot : step.screenshots()) {
                    add(screenshot.screenshotPath());
                    add(screenshot.thumbnailPath());
                }
            }
        }

        private void add(@Nullable String key) {
            if (key == null || (last != null && Senders.isBeside(last, key))) {
                return;
            }
            String uploader = Senders.ofKey(key);
            if (uploader != null) {
                ids.add(uploader);
                last = key;
            }
        }
    }
}
