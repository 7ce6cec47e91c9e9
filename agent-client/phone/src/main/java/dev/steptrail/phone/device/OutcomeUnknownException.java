package dev.steptrail.phone.device;

import org.jspecify.annotations.Nullable;

/** An input was sent, but the phone did not acknowledge it: it may or may not have been executed. */
public final class OutcomeUnknownException extends DeviceException {
    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
