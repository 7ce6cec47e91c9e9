package dev.steptrail.tracker;

/** Thrown if the model's reply cannot be parsed as an action. */
public final class UnparseableReplyException extends Exception {
    public UnparseableReplyException(String message) {
        super(message);
    }
}
