package dev.steptrail.shipper.autoglm;

/** A file that cannot be imported; the message says what is wrong with it. */
final class TraceException extends Exception {
    TraceException(String message) {
        super(message);
    }
}
