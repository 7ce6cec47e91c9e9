package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;

/** Thrown if a screenshot is not a valid image. It affects only that screenshot, not its step. */
public final class BrokenImageException extends IOException {
    /** @param message the problem, without the file's name or content */
    public BrokenImageException(String message) {
        super(message);
    }
}
