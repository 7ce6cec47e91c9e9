package dev.steptrail.phone.model;

import dev.steptrail.stepformat.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model's reply: the complete one, or what had arrived when the call failed.
 *
 * @param text the generated text, at most {@value ChatClient#MAX_REPLY} characters
 * @param usage the tokens as the server reports them; null if it does not
 * @param timeToFirstToken from the first request, including retries; null if the text is empty
 * @param time from the first request to the end of the reply or the failure, including retries
 * @param finishReason why the model stopped, such as {@code stop}, or {@code length} for a truncated reply; null if
 *     unknown
 */
public record ChatReply(
        String text,
        @Nullable Usage usage,
        @Nullable Duration timeToFirstToken,
        Duration time,
        @Nullable String finishReason) {
    /** Returns whether the text was truncated at the maximum number of tokens. */
    public boolean isTruncated() {
        return "length".equals(finishReason);
    }
}
