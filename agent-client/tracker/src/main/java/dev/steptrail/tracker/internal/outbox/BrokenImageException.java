package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;

/** Bytes that should be a picture and are none. One picture is lost, and no more than that. */
public final class BrokenImageException extends IOException {
    /**
     * @param message what is wrong with it, without its name or content
     */
    public BrokenImageException(String message) {
        super(message);
    }
}
