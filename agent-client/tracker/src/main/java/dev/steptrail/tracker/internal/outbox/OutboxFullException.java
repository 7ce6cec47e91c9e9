package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;

/** Thrown if the outbox has reached its quota. It accepts more data once a shipper has delivered a part of it. */
public final class OutboxFullException extends IOException {
    OutboxFullException(String message) {
        super(message);
    }
}
