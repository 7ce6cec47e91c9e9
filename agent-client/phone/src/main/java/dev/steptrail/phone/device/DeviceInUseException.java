package dev.steptrail.phone.device;

/** Another controller operates the phone. The message names its process. */
public final class DeviceInUseException extends DeviceException {
    public DeviceInUseException(String message) {
        super(message);
    }
}
