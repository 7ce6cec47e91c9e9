package dev.steptrail.shipper;

/** A setting is missing or invalid. The message names it and says what to do. */
public final class SettingsException extends RuntimeException {
    SettingsException(String message) {
        super(message);
    }
}
