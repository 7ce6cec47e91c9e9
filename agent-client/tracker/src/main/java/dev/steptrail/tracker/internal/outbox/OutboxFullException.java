package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;

/** What an outbox may hold is reached. It takes more once a shipper has delivered some of it. */
public final class OutboxFullException extends IOException {
    OutboxFullException(String message) {
        super(message);
    }
}
