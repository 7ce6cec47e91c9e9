package dev.steptrail.localcloud.functions;

/** An invocation that gave no answer. */
public final class InvocationException extends Exception {
    private final boolean throttled;

    private InvocationException(String message, boolean throttled) {
        super(message);
        this.throttled = throttled;
    }

    static InvocationException failed(String message) {
        return new InvocationException(message, false);
    }

    static InvocationException throttled(String message) {
        return new InvocationException(message, true);
    }

    /** Whether the function never ran, for it was at the bound of its concurrency. */
    public boolean throttled() {
        return throttled;
    }
}
