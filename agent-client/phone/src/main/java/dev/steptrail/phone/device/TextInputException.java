package dev.steptrail.phone.device;

/** The phone cannot type a text. The message says what to install. */
public final class TextInputException extends DeviceException {
    public TextInputException(String message) {
        super(message);
    }
}
