package dev.steptrail.cli.records;

import java.io.IOException;

/** Thrown if a line or file cannot be recorded. The message does not quote a line. */
final class InvalidInputException extends IOException {
    private final boolean mayBeStep;

    InvalidInputException(String reason) {
        this(reason, false);
    }

    InvalidInputException(String reason, boolean mayBeStep) {
        super(reason);
        this.mayBeStep = mayBeStep;
    }

    /** Returns whether the input is or may be a step. */
    boolean mayBeStep() {
        return mayBeStep;
    }
}
