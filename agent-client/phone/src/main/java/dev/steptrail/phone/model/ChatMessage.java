package dev.steptrail.phone.model;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation with a model. Immutable, except that the image is not copied: the caller must not change
 * it.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param png an image before the text, only in messages of the user
 */
@SuppressWarnings("ArrayRecordComponent") // not compared, and not copied: a screenshot has megabytes
public record ChatMessage(String role, String text, byte @Nullable [] png) {
    private static final String USER = "user";

    public static ChatMessage system(String text) {
        return new ChatMessage("system", text, null);
    }

    public static ChatMessage user(String text, byte @Nullable [] png) {
        return new ChatMessage(USER, text, png);
    }

    public static ChatMessage assistant(String text) {
        return new ChatMessage("assistant", text, null);
    }

    public ChatMessage withoutImage() {
        return new ChatMessage(role, text, null);
    }

    /** Returns the message as in a request of the chat completions API. */
    Map<String, Object> toRequest() {
        return toJson(image -> "data:image/png;base64," + Base64.getEncoder().encodeToString(image));
    }

    /**
     * Returns the message like in a request.
     *
     * @param imageUrl returns what to write as the URL of the image
     */
    public Map<String, Object> toJson(Function<byte[], Object> imageUrl) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", role);
        if (!role.equals(USER)) {
            json.put("content", text);
            return json;
        }
        List<Map<String, Object>> parts = new ArrayList<>();
        if (png != null) {
            parts.add(part("image_url", Map.of("url", imageUrl.apply(png))));
        }
        parts.add(part("text", text));
        json.put("content", parts);
        return json;
    }

    /** The order of the fields does not vary: equal messages have equal bytes. */
    private static Map<String, Object> part(String type, Object value) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("type", type);
        part.put(type, value);
        return part;
    }
}
