package dev.steptrail.tracker;

/** The model answered, but its answer is no action. */
public final class UnparseableReplyException extends Exception {
    public UnparseableReplyException(String message) {
        super(message);
    }
}
