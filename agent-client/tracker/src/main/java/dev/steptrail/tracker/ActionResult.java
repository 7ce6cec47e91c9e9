package dev.steptrail.tracker;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of an action on the phone.
 *
 * @param message the error if the action failed, otherwise an optional reply from the phone
 */
public record ActionResult(boolean success, @Nullable String message) {
    public static ActionResult succeeded() {
        return new ActionResult(true, null);
    }

    public static ActionResult failed(String message) {
        return new ActionResult(false, message);
    }
}
