package dev.steptrail.shipper.lines;

/** A line that cannot be recorded; the message says why, without quoting it. */
public final class LineException extends Exception {
    LineException(String reason) {
        super(reason);
    }
}
