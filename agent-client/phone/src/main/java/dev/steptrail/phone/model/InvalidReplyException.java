package dev.steptrail.phone.model;

import java.io.IOException;

/** The server's reply exceeds a limit, is an error, or is not that of a chat completion. Another attempt would not help. */
final class InvalidReplyException extends IOException {
    InvalidReplyException(String message) {
        super(message);
    }
}
