package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a {@link PhoneAgent} to end its task with a certain status and reason, for example because a limit is
 * reached, the phone is disconnected or the user refused an action.
 */
public class TaskEndException extends Exception {
    private final TaskStatus status;
    private final EndReason endReason;

    /**
     * @param status the status of the task
     * @param endReason the reason for the end
     * @param message the task's final message
     */
    public TaskEndException(TaskStatus status, EndReason endReason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = Objects.requireNonNull(status, "status");
        this.endReason = Objects.requireNonNull(endReason, "endReason");
    }

    public TaskStatus status() {
        return status;
    }

    public EndReason endReason() {
        return endReason;
    }
}
