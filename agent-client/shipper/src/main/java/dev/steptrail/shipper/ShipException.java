package dev.steptrail.shipper;

import org.jspecify.annotations.Nullable;

/**
 * Something outside the outbox keeps it from being delivered. The message is one line that names the setting or service
 * and says what to do; nothing is lost, and shipping again later goes on where this stopped.
 */
public final class ShipException extends Exception {
    private final ShipProblem problem;
    private final String key;

    ShipException(ShipProblem problem, String message, @Nullable Throwable cause) {
        this(problem, message, message, cause);
    }

    /** One that is the same as another of this kind and {@code what}, whatever their messages say. */
    ShipException(ShipProblem problem, String what, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
        this.key = problem.wireName() + " " + what;
    }

    /** What kind of thing it is. */
    public ShipProblem problem() {
        return problem;
    }

    /** The same for as long as the problem is the same, though a server or the network words it anew at each try. */
    String key() {
        return key;
    }
}
