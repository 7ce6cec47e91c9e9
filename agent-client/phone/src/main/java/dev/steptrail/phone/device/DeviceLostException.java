package dev.steptrail.phone.device;

import org.jspecify.annotations.Nullable;

/** The phone is disconnected, and did not come back within the time for a reconnection. */
public final class DeviceLostException extends DeviceException {
    public DeviceLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
