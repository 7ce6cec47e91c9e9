package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.Task;
import java.io.IOException;

/** A task in JSON: its columns by their names, unknown ones as null. */
public final class TaskJson {
    private TaskJson() {}

    /** Writes the fields without the braces of the object. */
    public static void fields(JsonGenerator json, Task task) throws IOException {
        Json.text(json, "task_id", task.taskId());
        Json.text(json, "owner", task.owner());
        Json.text(json, "name", task.name());
        Json.text(json, "description", task.description());
        Json.text(json, "agent", task.agent());
        Json.text(json, "model", task.model());
        Json.text(json, "device_id", task.deviceId());
        Json.text(json, "status", task.status());
        Json.text(json, "message", task.message());
        Json.text(json, "ending", task.ending());
        Json.text(json, "continues", task.continues());
        Json.flag(json, "announced", task.announced());
        Json.time(json, "started_at", task.startedAt());
        Json.time(json, "ended_at", task.endedAt());
        Json.time(json, "last_step_at", task.lastStepAt());
        Json.number(json, "last_step_number", task.lastStepNumber());
        Json.time(json, "received_at", task.receivedAt());
        Json.number(json, "total_steps", task.totalSteps());
        Json.number(json, "successful_steps", task.successfulSteps());
        Json.number(json, "failed_steps", task.failedSteps());
        Json.number(json, "total_duration_ms", task.totalDurationMs());
        Json.number(json, "dropped_steps", task.droppedSteps());
        Json.number(json, "dropped_screenshots", task.droppedScreenshots());
        Json.number(json, "conflicts", task.conflicts());
        Json.flag(json, "keep", task.keep());
        Json.raw(json, "losses", task.losses());
        Json.raw(json, "metadata", task.metadata());
        Json.raw(json, "started_fields", task.startedFields());
        Json.raw(json, "ended_fields", task.endedFields());
    }
}
