package dev.steptrail.cli.autoglm;

import java.io.IOException;

/** A file that cannot be imported; the message says what is wrong with it. */
final class TraceException extends IOException {
    TraceException(String message) {
        super(message);
    }
}
