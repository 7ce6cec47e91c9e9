package dev.steptrail.tracker;

import org.jspecify.annotations.Nullable;

/**
 * What came of an action.
 *
 * @param message what went wrong, or what the phone answered
 */
public record ActionResult(boolean success, @Nullable String message) {
    public static ActionResult succeeded() {
        return new ActionResult(true, null);
    }

    public static ActionResult failed(String message) {
        return new ActionResult(false, message);
    }
}
