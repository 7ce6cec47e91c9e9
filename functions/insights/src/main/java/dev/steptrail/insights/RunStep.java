package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * Of a step, what the rules ask. Null is what the step does not tell.
 *
 * @param action stands for the whole action, with its target: the same number for the same action, another one for any other
 * @param actionName what the action calls itself, such as {@code Tap}
 * @param place where it goes, such as {@code 499,842}, or from where to where, such as {@code 499,842,499,400}
 * @param screen what the agent saw before it acted, by its perceptual hash
 * @param pictureBytes of that picture, as it is stored
 * @param error what is said of it where it went wrong
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
    /** A clock that went on or a blinking cursor turns a bit or two; another page of an app some twenty. */
    private static final int MOST_BITS = 6;

    /** Returns whether two screens look the same, by their perceptual hashes. */
    static boolean looksAlike(long one, long other) {
        return Long.bitCount(one ^ other) <= MOST_BITS;
    }

    /** Whether it did something to the phone that it may have to do again: it waits for nobody, and ends nothing. */
    boolean acts() {
        return action != null && ActionNames.acts(actionName);
    }
}
