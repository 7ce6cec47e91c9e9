package dev.steptrail.store.retention;

import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.model.Senders;
import java.util.Optional;
import java.util.UUID;

/**
 * An object of a task in the bucket, as its key tells.
 *
 * @param sender whoever stored it
 * @param isOld whether no message can be under way any more that names it
 */
public record StoredObject(String key, String sender, UUID taskId, boolean isOld) {
    /** Empty if the key is none that a row can name: {@code <folder>/<sender>/<task_id>/<file>}, without U+0000. */
    public static Optional<StoredObject> of(String key, boolean isOld) {
        String sender = Senders.ofKey(key);
        return sender == null || key.indexOf('\0') >= 0
                ? Optional.empty()
                : TaskId.parse(key.split("/", -1)[2]).map(taskId -> new StoredObject(key, sender, taskId, isOld));
    }
}
