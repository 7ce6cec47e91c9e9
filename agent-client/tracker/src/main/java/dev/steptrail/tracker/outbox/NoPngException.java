package dev.steptrail.tracker.outbox;

import java.io.IOException;

/** A picture that is no PNG. */
public final class NoPngException extends IOException {
    NoPngException(String message) {
        super(message);
    }
}
