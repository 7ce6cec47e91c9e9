package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Extracts the task's id from invalid records. */
final class TaskIdExtractor {
    private TaskIdExtractor() {}

    /** Returns the {@code task_id} of an element; null if it has none. */
    static @Nullable UUID extract(String element) {
        try (JsonParser json = RecordCodec.JSON.createParser(element)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                if (json.nextToken() == JsonToken.VALUE_STRING && field.equals("task_id")) {
                    return TaskId.parse(json.getText()).orElse(null);
                }
                json.skipChildren();
            }
            return null;
        } catch (IOException notJson) {
            return null;
        }
    }
}
