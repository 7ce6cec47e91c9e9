package dev.steptrail.shipper;

import org.jspecify.annotations.Nullable;

/**
 * An external problem prevents delivery. The message is one line that names the setting or service and says what to do.
 * No data is lost, and a later attempt continues from the same position.
 */
public final class ShipException extends Exception {
    private final ShipProblem problem;
    private final String key;

    ShipException(ShipProblem problem, String message, @Nullable Throwable cause) {
        this(problem, message, message, cause);
    }

    /** Creates an exception whose {@link #key} depends on {@code problem} and {@code source}, not on the message. */
    ShipException(ShipProblem problem, String source, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
        this.key = problem.wireName() + " " + source;
    }

    public ShipProblem problem() {
        return problem;
    }

    /** Identifies the problem. It is the same for each attempt, even if the message differs. */
    String key() {
        return key;
    }
}
