package dev.steptrail.phone.model;

import org.jspecify.annotations.Nullable;

/** A request to a model failed. The message names the server, and says what to do where that is known. */
public final class ChatException extends Exception {
    private final transient ChatReply received;

    ChatException(String message, @Nullable Throwable cause, ChatReply received) {
        super(message, cause);
        this.received = received;
    }

    /** Returns what had arrived of the reply, and the time of the call; the text is empty if nothing had arrived. */
    public ChatReply received() {
        return received;
    }
}
