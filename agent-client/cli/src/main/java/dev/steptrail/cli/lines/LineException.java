package dev.steptrail.cli.lines;

/** A line that cannot be recorded; the message says why, without quoting it. */
public final class LineException extends Exception {
    private final boolean step;

    /** Of a line that is a step, for all that is known. */
    LineException(String reason) {
        this(reason, true);
    }

    LineException(String reason, boolean step) {
        super(reason);
        this.step = step;
    }

    /** Whether a step is lost with it. */
    boolean isStep() {
        return step;
    }
}
