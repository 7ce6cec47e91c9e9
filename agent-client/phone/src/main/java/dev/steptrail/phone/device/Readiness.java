package dev.steptrail.phone.device;

/**
 * Whether an agent can operate a phone now.
 *
 * @param adbKeyboard whether ADB Keyboard, which types text other than ASCII, can be used
 * @param screenOn true if the phone does not report it
 * @param locked false if the phone does not report it
 */
public record Readiness(AdbKeyboard adbKeyboard, boolean screenOn, boolean locked) {
    /** Whether ADB Keyboard is installed, and whether the user has enabled it. */
    public enum AdbKeyboard {
        ABSENT,
        DISABLED,
        ENABLED
    }
}
