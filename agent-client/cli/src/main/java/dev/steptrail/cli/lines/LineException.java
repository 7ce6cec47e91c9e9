package dev.steptrail.cli.lines;

/** A line that cannot be recorded; the message does not quote it. */
public final class LineException extends Exception {
    private final boolean step;

    LineException(String reason, boolean step) {
        super(reason);
        this.step = step;
    }

    /** Whether a step is lost with the line, as far as is known. */
    boolean isStep() {
        return step;
    }
}
