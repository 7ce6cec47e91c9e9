package dev.steptrail.shipper;

import org.jspecify.annotations.Nullable;

/**
 * Something outside the outbox keeps it from being delivered. The message is one line that names the setting or service
 * and says what to do; nothing is lost, and shipping again later goes on where this stopped.
 */
public final class ShipException extends Exception {
    private final ShipProblem problem;

    ShipException(ShipProblem problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /** What kind of thing it is. */
    public ShipProblem problem() {
        return problem;
    }
}
