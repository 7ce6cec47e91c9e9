package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.store.model.Cuts;
import dev.steptrail.store.model.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records about a task, cut so that its row fits into an answer of the API. What was cut stands among their further fields. */
final class TaskCuts {
    private TaskCuts() {}

    static TaskStarted of(TaskStarted started, @Nullable Payload payload) {
        Cuts cuts = new Cuts(payload);
        return new TaskStarted(
                started.taskId(),
                started.timestamp(),
                cuts.name("name", started.name()),
                cuts.text("description", started.description()),
                cuts.name("agent", started.agent()),
                cuts.name("model", started.model()),
                cuts.name("device_id", started.deviceId()),
                started.continues(),
                started.onBehalfOf(),
                cuts.object("metadata", started.metadata()),
                marked(started.unknown(), cuts));
    }

    static TaskEnded of(TaskEnded ended, @Nullable Payload payload) {
        Cuts cuts = new Cuts(payload);
        return new TaskEnded(
                ended.taskId(),
                ended.timestamp(),
                ended.status(),
                ended.ending(),
                cuts.text("message", ended.message()),
                ended.lastStepNumber(),
                marked(ended.unknown(), cuts));
    }

    /** What was dropped, as JSON; the totals have columns of their own. */
    static String json(Losses losses, @Nullable Payload payload) {
        Cuts cuts = new Cuts(payload);
        Map<String, Object> told = new LinkedHashMap<>(cuts.marked(losses.unknown()));
        told.put("dropped_steps", losses.droppedSteps());
        told.put("dropped_screenshots", losses.droppedScreenshots());
        String json = cuts.json("losses", told);
        return json != null ? json : JsonText.of(cuts.marked(Map.of()));
    }

    private static Map<String, Object> marked(Map<String, Object> fields, Cuts cuts) {
        return cuts.marked(cuts.object("other_fields", fields));
    }
}
