package dev.steptrail.cli.autoglm;

import java.io.IOException;

/** A file cannot be imported. The message says what is wrong. */
final class TraceException extends IOException {
    TraceException(String message) {
        super(message);
    }
}
