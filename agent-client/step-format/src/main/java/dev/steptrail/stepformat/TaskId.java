package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parses task ids in their only valid form, a UUID in lower case, and finds them in invalid records. */
public final class TaskId {
    private static final int LENGTH = 36;

    private TaskId() {}

    /** Parses a task id. Returns empty if {@code text} is not a UUID of 36 characters in lower case. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notUuid) {
            return Optional.empty();
        }
    }

    /** Returns the {@code task_id} of an element; null if it has none. */
    static @Nullable UUID findIn(String element) {
        try (JsonParser json = RecordCodec.JSON.createParser(element)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                if (json.nextToken() == JsonToken.VALUE_STRING && field.equals("task_id")) {
                    return parse(json.getText()).orElse(null);
                }
                json.skipChildren();
            }
            return null;
        } catch (IOException notJson) {
            return null;
        }
    }
}
