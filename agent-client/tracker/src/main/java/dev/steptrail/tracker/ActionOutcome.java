package dev.steptrail.tracker;

/** Whether a phone has executed an action. */
public enum ActionOutcome {
    SUCCEEDED,
    FAILED,
    /** The action was sent, but the phone did not acknowledge it. */
    UNKNOWN
}
