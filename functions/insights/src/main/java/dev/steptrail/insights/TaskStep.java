package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a step that the rules use. Fields are null if unknown.
 *
 * @param action a hash of the action and its target; equal actions have equal hashes
 * @param actionName the name of the action, such as {@code Tap}
 * @param place the place of the action, such as {@code 499,842}, or the start and end of a swipe, such as
 *     {@code 499,842,499,400}
 * @param screen the perceptual hash of the screenshot before the action
 * @param screenshotBytes the stored size of that screenshot
 * @param error the error if the step failed
 */
public record TaskStep(
        int stepNumber,
        @Nullable Long action,
        @Nullable String actionName,
        @Nullable String place,
        @Nullable Long screen,
        @Nullable Long screenshotBytes,
        @Nullable Long durationMs,
        @Nullable Integer modelMs,
        @Nullable String error) {
    /** A clock or a blinking cursor changes one or two of the 64 bits; a different page of an app changes about 20. */
    private static final int MAX_DIFFERENT_BITS = 6;

    static boolean isSimilarScreen(long first, long second) {
        return Long.bitCount(first ^ second) <= MAX_DIFFERENT_BITS;
    }

    boolean hasDeviceAction() {
        return action != null && ActionNames.isDeviceAction(actionName);
    }
}
