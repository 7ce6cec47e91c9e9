package dev.steptrail.phone.device;

import org.jspecify.annotations.Nullable;

/** The phone cannot type a text. The message says what to install. */
public final class TextInputException extends DeviceException {
    public TextInputException(String message) {
        super(message);
    }

    public TextInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
