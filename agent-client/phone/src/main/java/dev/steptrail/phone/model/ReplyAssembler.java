package dev.steptrail.phone.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.stepformat.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts a reply together from the chunks of a stream, or takes it from the one object that a server sends instead. */
final class ReplyAssembler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = "[DONE]";

    private final long startNanos;
    private final StringBuilder text = new StringBuilder();
    private @Nullable Duration timeToFirstToken;
    private @Nullable Usage usage;
    private @Nullable String finishReason;
    private boolean completion;
    private boolean ended;
    private boolean done;

    /** @param startNanos the start of the call, as {@link System#nanoTime} returns it */
    ReplyAssembler(long startNanos) {
        this.startNanos = startNanos;
    }

    /**
     * Adds a chunk of a stream, or a complete reply.
     *
     * @param json the data of an event
     * @throws InvalidReplyException if it is neither, is an error, or the text has more than
     *     {@value ChatClient#MAX_REPLY} characters
     */
    void add(String json) throws InvalidReplyException {
        if (json.strip().equals(END)) {
            ended = true;
            done = true;
            return;
        }
        if (json.isBlank()) {
            throw new InvalidReplyException("it is empty");
        }
        JsonNode chunk;
        try {
            chunk = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidReplyException("it contains invalid JSON", json);
        }
        if (chunk == null || !chunk.isObject()) {
            throw new InvalidReplyException("it is not a chat completion", json);
        }
        if (chunk.hasNonNull("error")) {
            throw new InvalidReplyException("the server reports an error", ServerMessage.of(json));
        }
        completion = completion || chunk.path("choices").isArray();
        addUsage(chunk.path("usage"));
        JsonNode choice = chunk.path("choices").path(0);
        addText(choice.path("delta").path("content"));
        if (choice.has("message")) {
            addText(choice.path("message").path("content"));
            ended = true;
        }
        if (choice.path("finish_reason").isTextual()) {
            finishReason = choice.path("finish_reason").textValue();
            ended = true;
        }
    }

    private void addText(JsonNode content) throws InvalidReplyException {
        if (content.isTextual()) {
            String part = content.textValue();
            if (text.length() + part.length() > ChatClient.MAX_REPLY) {
                throw new InvalidReplyException("its text has more than " + ChatClient.MAX_REPLY + " characters");
            }
            text.append(part);
            if (timeToFirstToken == null && hasText()) {
                timeToFirstToken = elapsed();
            }
        }
    }

    private void addUsage(JsonNode reported) {
        Usage counts = Usage.of(
                count(reported.path("prompt_tokens")),
                count(reported.path("prompt_tokens_details").path("cached_tokens")),
                count(reported.path("completion_tokens")));
        if (counts.hasCounts()) {
            usage = counts;
        }
    }

    private static @Nullable Integer count(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToInt() && number.intValue() >= 0
                ? (Integer) number.intValue()
                : null;
    }

    /** Returns whether anything of a chat completion has arrived. */
    boolean isCompletion() {
        return completion;
    }

    /** Returns whether the server has marked the end of the reply. Otherwise the reply may be truncated. */
    boolean isEnded() {
        return ended;
    }

    /** Returns whether nothing follows. */
    boolean isDone() {
        return done;
    }

    boolean hasText() {
        return !text.isEmpty();
    }

    /** Returns what has arrived until now. */
    ChatReply toReply() {
        return new ChatReply(text.toString(), usage, timeToFirstToken, elapsed(), finishReason);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
