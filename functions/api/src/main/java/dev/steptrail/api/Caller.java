package dev.steptrail.api;

import dev.steptrail.store.Task;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param owner the subject of the token
 * @param admin whether they may see everybody's tasks
 */
record Caller(String owner, boolean admin) {
    boolean maySee(Task task) {
        return admin || task.owner().equals(owner);
    }

    /** Whose tasks they may list; null for everybody's. */
    @Nullable
    String listedOwner() {
        return admin ? null : owner;
    }
}
