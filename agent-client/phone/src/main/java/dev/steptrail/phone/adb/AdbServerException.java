package dev.steptrail.phone.adb;

import java.io.IOException;

/** The adb server refused a request. The message is the server's. */
final class AdbServerException extends IOException {
    AdbServerException(String message) {
        super(message);
    }
}
