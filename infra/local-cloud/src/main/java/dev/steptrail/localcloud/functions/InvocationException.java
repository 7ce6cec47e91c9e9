package dev.steptrail.localcloud.functions;

/** Thrown when an invocation returns no response. */
public final class InvocationException extends Exception {
    private final boolean throttled;

    InvocationException(String message, boolean throttled) {
        super(message);
        this.throttled = throttled;
    }

    /** Returns whether the function did not run because of its concurrency limit. */
    public boolean throttled() {
        return throttled;
    }
}
