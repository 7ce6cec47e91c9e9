package dev.steptrail.cli.autoglm;

import java.io.IOException;

/** Thrown if a file cannot be imported. The message says why. */
final class InvalidRecordingException extends IOException {
    InvalidRecordingException(String message) {
        super(message);
    }
}
