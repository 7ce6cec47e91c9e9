package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Extracts the task's id from invalid records and from S3 keys of payloads. */
final class TaskIdExtractor {
    private TaskIdExtractor() {}

    /** Returns the {@code task_id} of an element, or the task in the key of its payload; null if it has neither. */
    static @Nullable UUID fromElement(String element) {
        try (JsonParser json = RecordCodec.JSON.createParser(element)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            UUID fromPayload = null;
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (field.equals("task_id") && value == JsonToken.VALUE_STRING) {
                    return TaskId.parse(json.getText()).orElse(null);
                }
                if (field.equals("payload") && value == JsonToken.START_OBJECT) {
                    fromPayload = fromPayload(json);
                } else {
                    json.skipChildren();
                }
            }
            return fromPayload;
        } catch (IOException notJson) {
            return null;
        }
    }

    private static @Nullable UUID fromPayload(JsonParser json) throws IOException {
        Optional<UUID> task = Optional.empty();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (json.nextToken() == JsonToken.VALUE_STRING && field.equals("path")) {
                task = fromKey(json.getText());
            }
            json.skipChildren();
        }
        return task.orElse(null);
    }

    /** Returns the id of the task in a key {@code payloads/<sender>/<task_id>/…}; empty if the key has another form. */
    static Optional<UUID> fromKey(String key) {
        String[] parts = key.split("/", 4);
        return parts.length == 4 ? TaskId.parse(parts[2]) : Optional.empty();
    }
}
