package dev.steptrail.stepformat;

import java.util.Locale;

/** The moment of a step at which a frame was captured. */
public enum FrameRole {
    /** The screen on which the agent based its decision. */
    BEFORE,
    /** The screen after the action. */
    AFTER,
    /** Any other moment. */
    OTHER;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** Returns the lower-case name, as in JSON, SQL and file names. */
    public String wireName() {
        return wireName;
    }
}
