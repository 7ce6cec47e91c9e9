package dev.steptrail.phone.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request of a call failed. */
final class FailedAttempt extends Exception {
    final boolean retryable;
    final transient @Nullable Duration retryAfter;

    /** @param retryAfter the delay that the server asks for; null for none */
    FailedAttempt(String message, boolean retryable, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
        this.retryAfter = retryAfter;
    }
}
