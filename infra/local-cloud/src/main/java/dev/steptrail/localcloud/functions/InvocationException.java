package dev.steptrail.localcloud.functions;

/** An invocation that gave no answer. */
public final class InvocationException extends Exception {
    private final boolean throttled;

    InvocationException(String message, boolean throttled) {
        super(message);
        this.throttled = throttled;
    }

    /** Whether the function never ran, because it was at its concurrency limit. */
    public boolean throttled() {
        return throttled;
    }
}
