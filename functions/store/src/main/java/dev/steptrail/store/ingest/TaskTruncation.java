package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.store.model.JsonText;
import dev.steptrail.store.model.Truncation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records about a task, cut so that its row fits into an answer of the API. What was cut stands among their further fields. */
final class TaskTruncation {
    private TaskTruncation() {}

    static TaskStarted of(TaskStarted started, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        return new TaskStarted(
                started.taskId(),
                started.timestamp(),
                truncation.name("name", started.name()),
                truncation.text("description", started.description()),
                truncation.name("agent", started.agent()),
                truncation.name("model", started.model()),
                truncation.name("device_id", started.deviceId()),
                started.continues(),
                started.onBehalfOf(),
                truncation.object("metadata", started.metadata()),
                marked(started.unknown(), truncation));
    }

    static TaskEnded of(TaskEnded ended, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        return new TaskEnded(
                ended.taskId(),
                ended.timestamp(),
                ended.status(),
                ended.ending(),
                truncation.text("message", ended.message()),
                ended.lastStepNumber(),
                marked(ended.unknown(), truncation));
    }

    /** What was dropped, as JSON; the totals have columns of their own. */
    static String json(Losses losses, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        Map<String, Object> told = new LinkedHashMap<>(truncation.marked(losses.unknown()));
        told.put("dropped_steps", losses.droppedSteps());
        told.put("dropped_screenshots", losses.droppedScreenshots());
        String json = truncation.json("losses", told);
        return json != null ? json : JsonText.of(truncation.marked(Map.of()));
    }

    private static Map<String, Object> marked(Map<String, Object> fields, Truncation truncation) {
        return truncation.marked(truncation.object("other_fields", fields));
    }
}
