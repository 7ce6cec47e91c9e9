package dev.steptrail.phone.device;

/** A key that {@link Device#press} presses. */
public enum Key {
    BACK,
    HOME,
    /** Shows the apps that were used last. */
    RECENTS,
    ENTER,
    /** Deletes the character before the cursor. */
    DELETE,
    /** Switches the screen on. Does nothing if it is on. */
    WAKE,
    /** Switches the screen off. Does nothing if it is off. */
    SLEEP,
    VOLUME_UP,
    VOLUME_DOWN,
    /** Mutes what the volume keys change, or unmutes it. */
    MUTE
}
