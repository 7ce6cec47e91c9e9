package dev.steptrail.phone.model;

import org.jspecify.annotations.Nullable;

/** A request to a model failed. The message names the server, and says what to do where that is known. */
public final class ChatException extends Exception {
    public ChatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
