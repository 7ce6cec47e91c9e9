package dev.steptrail.shipper.aws;

import java.io.IOException;

/** A call was ended before its answer was there, for it took too long or its thread was interrupted: not to be tried again at once. */
final class CallEndedException extends IOException {
    private static final long serialVersionUID = 1;

    CallEndedException(String message, Exception failure) {
        super(message, failure);
    }
}
