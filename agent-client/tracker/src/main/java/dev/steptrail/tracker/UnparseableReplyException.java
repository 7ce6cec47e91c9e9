package dev.steptrail.tracker;

import org.jspecify.annotations.Nullable;

/** Thrown if the model's reply cannot be parsed as an action. */
public final class UnparseableReplyException extends Exception {
    private final transient @Nullable Decision reply;

    public UnparseableReplyException(String message) {
        this(message, null);
    }

    /**
     * @param reply what is known of the reply: its reasoning, times and tokens, which are recorded with the error. Its
     *     action is ignored
     */
    public UnparseableReplyException(String message, @Nullable Decision reply) {
        super(message);
        this.reply = reply;
    }

    @Nullable
    Decision reply() {
        return reply;
    }
}
