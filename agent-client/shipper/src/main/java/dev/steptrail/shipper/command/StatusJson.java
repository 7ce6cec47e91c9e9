package dev.steptrail.shipper.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.state.StateJson;
import dev.steptrail.shipper.state.TaskBacklog;
import java.time.Duration;

/** A status for programs. */
final class StatusJson {
    private StatusJson() {}

    static ObjectNode of(OutboxStatus status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("outbox", status.outbox().toString());
        json.put("at", StateJson.text(status.at()));
        json.put("shipper_at_work", status.atWork());
        json.set("shipper", status.shipper().map(StateJson::object).orElse(null));
        json.put("unshipped_steps", status.unshippedSteps());
        json.put("unshipped_bytes", status.unshippedBytes());
        json.put("bytes", status.bytes());
        json.put("oldest_unshipped_at", StateJson.text(status.oldestUnshipped().orElse(null)));
        json.put(
                "oldest_unshipped_age_seconds",
                status.oldestAge().map(Duration::toSeconds).orElse(null));
        ArrayNode tasks = json.putArray("tasks");
        status.tasks().forEach(task -> tasks.add(of(task)));
        ArrayNode unreadable = json.putArray("unreadable");
        status.unreadable().forEach(unreadable::add);
        return json;
    }

    private static ObjectNode of(TaskBacklog task) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("task_id", task.taskId().toString())
                .put("writer_alive", task.writerAlive())
                .put("unshipped_steps", task.unshippedSteps())
                .put("unshipped_bytes", task.unshippedBytes())
                .put("bytes", task.bytes())
                .put("oldest_unshipped_at", StateJson.text(task.oldestUnshipped()))
                .put("last_written_at", StateJson.text(task.lastWritten()));
    }
}
