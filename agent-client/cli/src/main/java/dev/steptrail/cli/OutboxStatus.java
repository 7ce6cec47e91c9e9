package dev.steptrail.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.internal.state.ShipperState;
import dev.steptrail.shipper.internal.state.TaskBacklog;
import dev.steptrail.tracker.internal.outbox.FolderSize;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The current backlog of an outbox, and the state of its shipper. */
final class OutboxStatus {
    private final Outbox outbox;
    private final boolean isShipping;
    private final String sender;
    private final @Nullable ShipperState shipper;
    private final List<TaskBacklog> tasks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Instant checkedAt;
    private final @Nullable Instant oldestUnshipped;

    OutboxStatus(Outbox outbox, Map<String, String> environment) throws IOException {
        this.outbox = outbox;
        for (OutboxTask task : outbox.tasks()) {
            try {
                TaskBacklog backlog = findBacklog(task);
                if (backlog != null) {
                    tasks.add(backlog);
                }
            } catch (IOException e) {
                problems.add(task.folder() + ": " + Steptrail.errorMessage(e));
            }
        }
        for (Path folder : outbox.misnamedFolders()) {
            problems.add(folder
                    + ": not shipped, because the name is not a task id; rename it to the task's lowercase UUID");
        }
        for (Path folder : outbox.abandonedImports()) {
            problems.add(folder + ": " + TextFormat.count(FolderSize.measure(folder), "byte")
                    + " of an interrupted import; the next steptrail ship or import deletes them");
        }
        isShipping = outbox.hasActiveShipper();
        sender = environment.getOrDefault("STEPTRAIL_SENDER", "");
        shipper = ShipperState.read(outbox).orElse(null);
        checkedAt = Instant.now();
        oldestUnshipped = tasks.stream()
                .map(TaskBacklog::oldestUnshipped)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** Returns the backlog of a task; null if the task was shipped during the call. */
    static @Nullable TaskBacklog findBacklog(OutboxTask task) throws IOException {
        try {
            return TaskBacklog.read(task);
        } catch (NoSuchFileException shipped) {
            return null;
        }
    }

    private long sum(ToLongFunction<TaskBacklog> getter) {
        return tasks.stream().mapToLong(getter).sum();
    }

    ObjectNode json() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode()
                .put("outbox", outbox.folder().toString())
                .put("at", checkedAt.toString())
                .put("shipper_running", isShipping);
        json.set("shipper", shipper == null ? json.nullNode() : mapper.readTree(shipper.toJson()));
        json.put("unshipped_steps", sum(TaskBacklog::unshippedSteps))
                .put("unshipped_bytes", sum(TaskBacklog::unshippedBytes))
                .put("bytes", sum(TaskBacklog::bytes))
                .put("oldest_unshipped_at", Objects.toString(oldestUnshipped, null))
                .put(
                        "oldest_unshipped_age_seconds",
                        oldestUnshipped == null
                                ? null
                                : Duration.between(oldestUnshipped, checkedAt).toSeconds());
        json.set("tasks", tasksJson());
        problems.forEach(json.putArray("unreadable")::add);
        return json;
    }

    private ArrayNode tasksJson() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (TaskBacklog task : tasks) {
            list.addObject()
                    .put("task_id", task.taskId().toString())
                    .put("writer_running", task.writerRunning())
                    .put("unshipped_steps", task.unshippedSteps())
                    .put("unshipped_bytes", task.unshippedBytes())
                    .put("bytes", task.bytes())
                    .put("oldest_unshipped_at", Objects.toString(task.oldestUnshipped(), null))
                    .put("last_written_at", task.lastWritten().toString());
        }
        return list;
    }

    /** @param zone the time zone in which times are printed */
    List<String> lines(ZoneId zone) {
        List<String> lines = new ArrayList<>();
        lines.add("outbox   " + outbox.folder());
        lines.add("shipper  " + (isShipping ? "running" : "not running"));
        lines.add("sender   " + senderAndSource());
        if (shipper != null) {
            Instant lastSuccess = shipper.lastSuccessAt();
            lines.add("shipped  " + TextFormat.count(shipper.counts().getOrDefault("records", 0L), "record") + " since "
                    + TextFormat.time(shipper.startedAt(), zone)
                    + (lastSuccess == null ? "" : ", last at " + TextFormat.time(lastSuccess, zone)));
            ShipperState.Problem problem = shipper.problem();
            if (problem != null) {
                lines.add("problem  since " + TextFormat.time(problem.since(), zone) + ": " + problem.message());
            }
        }
        lines.add("backlog  " + TextFormat.count(sum(TaskBacklog::unshippedSteps), "step") + " in "
                + TextFormat.count(sum(TaskBacklog::unshippedBytes), "byte")
                + (oldestUnshipped == null
                        ? ""
                        : "; the oldest is " + TextFormat.duration(Duration.between(oldestUnshipped, checkedAt))
                                + " old"));
        lines.add("on disk  " + TextFormat.count(sum(TaskBacklog::bytes), "byte"));
        lines.add("tasks    " + tasks.size());
        problems.forEach(problem -> lines.add("problem  " + problem));
        if (!tasks.isEmpty()) {
            lines.add("");
            lines.addAll(new Table(zone)
                    .field("TASK", "task_id")
                    .column("WRITER", task -> task.path("writer_running").asBoolean() ? "running" : "stopped")
                    .fields("unshipped_steps", "unshipped_bytes")
                    .field("BYTES ON DISK", "bytes")
                    .time("LAST WRITTEN", "last_written_at")
                    .lines(tasksJson().valueStream().toList()));
        }
        return lines;
    }

    private String senderAndSource() {
        if (!sender.isBlank()) {
            return sender + " (STEPTRAIL_SENDER)";
        }
        return shipper == null || shipper.sender() == null
                ? "determined by STS when shipping"
                : shipper.sender() + " (reported by the shipper)";
    }
}
