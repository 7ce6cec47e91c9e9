package dev.steptrail.demophone;

import java.time.Duration;

/** What the demo model answers to one request. */
public sealed interface DemoReply {
    /**
     * A reply of the model.
     *
     * @param content the text
     * @param beforeFirstToken delay of the first chunk
     * @param betweenChunks delay before each further chunk; a chunk has about 16 characters
     * @param finishReason such as {@code stop} or {@code length}
     * @param promptTokens in the usage; negative for a count by the request's length
     * @param completionTokens in the usage; negative for a count by the content's length
     */
    record Text(
            String content,
            Duration beforeFirstToken,
            Duration betweenChunks,
            String finishReason,
            int promptTokens,
            int completionTokens)
            implements DemoReply {

        public Text withDelays(Duration beforeFirstToken, Duration betweenChunks) {
            return new Text(content, beforeFirstToken, betweenChunks, finishReason, promptTokens, completionTokens);
        }

        public Text withFinishReason(String finishReason) {
            return new Text(content, beforeFirstToken, betweenChunks, finishReason, promptTokens, completionTokens);
        }

        public Text withUsage(int promptTokens, int completionTokens) {
            return new Text(content, beforeFirstToken, betweenChunks, finishReason, promptTokens, completionTokens);
        }
    }

    /**
     * An HTTP error with a message in OpenAI's format.
     *
     * @param status such as 429 or 500
     * @param message what is wrong
     */
    record HttpError(int status, String message) implements DemoReply {}

    /**
     * A stream that stops: after {@code chunks} chunks of the content there is neither a finish reason nor
     * {@code [DONE]}.
     *
     * @param disconnect whether the connection is cut; otherwise the HTTP response ends correctly
     */
    record Stopped(String content, int chunks, boolean disconnect) implements DemoReply {}

    /** No response, until the client or the demo model closes the connection. */
    record Silence() implements DemoReply {}

    /** Returns a reply without delays, with finish reason {@code stop}. */
    static Text text(String content) {
        return new Text(content, Duration.ZERO, Duration.ZERO, "stop", -1, -1);
    }

    static HttpError error(int status) {
        return new HttpError(status, "scripted error");
    }
}
