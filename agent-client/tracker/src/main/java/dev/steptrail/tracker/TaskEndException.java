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
    private final transient @Nullable Decision reply;

    /** Like the other constructor, without a reply. */
    public TaskEndException(TaskStatus status, EndReason endReason, String message, @Nullable Throwable cause) {
        this(status, endReason, message, cause, null);
    }

    /**
     * @param status the status of the task
     * @param endReason the reason for the end
     * @param message the task's final message
     * @param cause after an {@link InterruptedException}, the agent's thread is interrupted again
     * @param reply if thrown by {@link PhoneAgent#decide}, what is known of the model's reply, also of one that is
     *     incomplete: its reasoning, times and tokens, which are recorded with the step. Its action is ignored
     */
    public TaskEndException(
            TaskStatus status,
            EndReason endReason,
            String message,
            @Nullable Throwable cause,
            @Nullable Decision reply) {
        super(message, cause);
        this.status = Objects.requireNonNull(status, "status");
        this.endReason = Objects.requireNonNull(endReason, "endReason");
        this.reply = reply;
    }

    public TaskStatus status() {
        return status;
    }

    public EndReason endReason() {
        return endReason;
    }

    @Nullable
    Decision reply() {
        return reply;
    }
}
