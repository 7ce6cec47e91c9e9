package dev.steptrail.phone.adb;

import java.io.IOException;

/** A request failed before it was sent to the phone. The phone has not executed it, so it may be repeated. */
final class NotSentException extends IOException {
    NotSentException(String message, Throwable cause) {
        super(message, cause);
    }
}
