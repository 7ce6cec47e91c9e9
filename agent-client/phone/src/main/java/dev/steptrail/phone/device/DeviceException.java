package dev.steptrail.phone.device;

import org.jspecify.annotations.Nullable;

/**
 * A request to a phone failed. The message names the phone and the request, and says what to do where that is known.
 */
public class DeviceException extends Exception {
    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
