package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a step that the rules use. Null if unknown.
 *
 * @param action identifies the action, including its target: equal actions have the same number
 * @param actionName the name of the action, such as {@code Tap}
 * @param place the place of the action, such as {@code 499,842}, or the start and end of a swipe, such as
 *     {@code 499,842,499,400}
 * @param screen the perceptual hash of the screenshot before the action
 * @param pictureBytes the stored size of that screenshot
 * @param error the error if the step failed
 */
public record RunStep(
        int stepNumber,
        @Nullable Long action,
        @Nullable String actionName,
        @Nullable String place,
        @Nullable Long screen,
        @Nullable Long pictureBytes,
        @Nullable Long durationMs,
        @Nullable Integer modelMs,
        @Nullable String error) {
    /**
     * A changed clock or a blinking cursor changes one or two bits of the hash; another page of an app about twenty.
     */
    private static final int MAX_DIFFERENT_BITS = 6;

    /** Returns whether two screens look the same, by their perceptual hashes. */
    static boolean isSimilarScreen(long one, long other) {
        return Long.bitCount(one ^ other) <= MAX_DIFFERENT_BITS;
    }

    /** Returns whether the step operated the phone, rather than to wait, to ask a person or to end the run. */
    boolean acts() {
        return action != null && ActionNames.acts(actionName);
    }
}
