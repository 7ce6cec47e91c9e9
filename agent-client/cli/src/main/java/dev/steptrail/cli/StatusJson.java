package dev.steptrail.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.state.ShipperState;
import dev.steptrail.shipper.state.TaskBacklog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A status for programs. */
final class StatusJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusJson() {}

    static ObjectNode of(OutboxStatus status) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("outbox", status.outbox().toString());
        json.put("at", text(status.at()));
        json.put("shipper_at_work", status.atWork());
        ShipperState shipper = status.shipper().orElse(null);
        json.set("shipper", shipper == null ? json.nullNode() : JSON.readTree(shipper.json()));
        json.put("unshipped_steps", status.unshippedSteps());
        json.put("unshipped_bytes", status.unshippedBytes());
        json.put("bytes", status.bytes());
        json.put("oldest_unshipped_at", text(status.oldestUnshipped().orElse(null)));
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
        return JSON.createObjectNode()
                .put("task_id", task.taskId().toString())
                .put("writer_alive", task.writerAlive())
                .put("unshipped_steps", task.unshippedSteps())
                .put("unshipped_bytes", task.unshippedBytes())
                .put("bytes", task.bytes())
                .put("oldest_unshipped_at", text(task.oldestUnshipped()))
                .put("last_written_at", text(task.lastWritten()));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
