package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The task that a bad record, or one that lies in the bucket, names. */
final class NamedTask {
    private NamedTask() {}

    /** As far as it can be read: its {@code task_id}, or, if it only names an object, the task in that object's key. */
    static @Nullable UUID of(String element) {
        try (JsonParser json = RecordCodec.JSON.createParser(element)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            UUID ofObject = null;
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (field.equals("task_id") && value == JsonToken.VALUE_STRING) {
                    return TaskId.parse(json.getText()).orElse(null);
                }
                if (field.equals("payload") && value == JsonToken.START_OBJECT) {
                    ofObject = ofPayload(json);
                } else {
                    json.skipChildren();
                }
            }
            return ofObject;
        } catch (IOException e) {
            return null; // it is bad for this very reason
        }
    }

    private static @Nullable UUID ofPayload(JsonParser json) throws IOException {
        Optional<UUID> task = Optional.empty();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (json.nextToken() == JsonToken.VALUE_STRING && field.equals("path")) {
                task = ofKey(json.getText());
            }
            json.skipChildren();
        }
        return task.orElse(null);
    }

    /** {@code payloads/<sender>/<task_id>/…}. */
    static Optional<UUID> ofKey(String key) {
        String[] parts = key.split("/", 4);
        return parts.length == 4 ? TaskId.parse(parts[2]) : Optional.empty();
    }
}
