package dev.steptrail.phone.autoglm;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a task. They are checked before each step; a call of the model and {@code Wait} also end at the limit
 * of time. An input to the phone that has started is completed, so that no text is typed in part: without ADB Keyboard,
 * a long text may take two minutes.
 *
 * @param steps the maximum number of steps. Default 100, as in Open-AutoGLM
 * @param time the maximum time; null for none
 * @param tokens the maximum number of input and output tokens; null for none. The last step may exceed it
 * @param cost the maximum cost in the currency of the {@link TokenPrice}; null for none. The last step may exceed it
 */
public record Limits(
        int steps,
        @Nullable Duration time,
        @Nullable Long tokens,
        @Nullable BigDecimal cost) {
    public static final Limits DEFAULT = new Limits(100, null, null, null);

    public Limits {
        if (steps < 1) {
            throw new IllegalArgumentException("the limit of steps must be 1 or more, but is " + steps);
        }
        if (time != null && (time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException("the limit of time must be positive, but is " + time);
        }
        if ((tokens != null && tokens < 1) || (cost != null && cost.signum() <= 0)) {
            throw new IllegalArgumentException("the limits of tokens and cost must be positive");
        }
    }
}
