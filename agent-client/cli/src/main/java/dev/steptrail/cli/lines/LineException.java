package dev.steptrail.cli.lines;

/** A line cannot be recorded. The message does not quote the line. */
public final class LineException extends Exception {
    private final boolean step;

    LineException(String reason, boolean step) {
        super(reason);
        this.step = step;
    }

    /** Whether the line is, or may be, a step. */
    boolean isStep() {
        return step;
    }
}
