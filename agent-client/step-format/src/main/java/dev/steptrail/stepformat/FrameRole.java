package dev.steptrail.stepformat;

import java.util.Locale;

/** Which moment of its step a frame shows. In JSON, SQL and file names the lower-case name. */
public enum FrameRole {
    /** What the agent saw when it decided. */
    BEFORE,
    /** The screen after the action. */
    AFTER,
    /** Anything else. */
    OTHER;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, SQL and file names. */
    public String wireName() {
        return wireName;
    }
}
