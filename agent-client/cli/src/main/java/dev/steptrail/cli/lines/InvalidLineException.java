package dev.steptrail.cli.lines;

/** Thrown if a line cannot be recorded. The message does not quote the line. */
final class InvalidLineException extends Exception {
    private final boolean mayBeStep;

    InvalidLineException(String reason, boolean mayBeStep) {
        super(reason);
        this.mayBeStep = mayBeStep;
    }

    /** Returns whether the line is or may be a step. */
    boolean mayBeStep() {
        return mayBeStep;
    }
}
