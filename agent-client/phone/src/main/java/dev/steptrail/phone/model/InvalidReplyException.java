package dev.steptrail.phone.model;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The server's reply exceeds a limit, is an error, or is not that of a chat completion. Another attempt would not help.
 */
final class InvalidReplyException extends IOException {
    private final @Nullable String quoted;

    InvalidReplyException(String message) {
        this(message, null);
    }

    /** @param quoted what the server sent: of any length, and possibly with the key */
    InvalidReplyException(String message, @Nullable String quoted) {
        super(message);
        this.quoted = quoted;
    }

    @Nullable
    String quoted() {
        return quoted;
    }
}
