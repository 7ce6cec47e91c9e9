package dev.steptrail.phone.model;

/** The thread was interrupted while it waited for a model's reply. */
public final class ChatInterruptedException extends InterruptedException {
    private final transient ChatReply received;

    ChatInterruptedException(ChatReply received) {
        super("interrupted while waiting for the model");
        this.received = received;
    }

    /** Returns what had arrived of the reply, and the time of the call; the text is empty if nothing had arrived. */
    public ChatReply received() {
        return received;
    }
}
