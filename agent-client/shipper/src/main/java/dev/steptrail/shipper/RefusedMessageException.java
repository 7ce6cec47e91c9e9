package dev.steptrail.shipper;

import java.io.IOException;

/** SQS will never take this message, for what is in it; that is no reason to keep others from it. */
final class RefusedMessageException extends IOException {
    RefusedMessageException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
