package dev.steptrail.cli.shipping;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
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
    private final List<TaskBacklog> folders = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Instant checkedAt;
    private final @Nullable Instant oldestUnshipped;

    OutboxStatus(Outbox outbox, Map<String, String> environment) throws IOException {
        this.outbox = outbox;
        for (OutboxTask task : outbox.tasks()) {
            try {
                TaskBacklog backlog = findBacklog(task);
                if (backlog != null) {
                    folders.add(backlog);
                }
            } catch (IOException e) {
                problems.add(task.folder() + ": " + TextFormat.errorMessage(e));
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
        oldestUnshipped = folders.stream()
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
        return folders.stream().mapToLong(getter).sum();
    }

    ObjectNode json() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode()
                .put("outbox", outbox.folder().toString())
                .put("at", checkedAt.toString())
                .put("shipper_running", isShipping);
        json.set("shipper", shipper == null ? json.nullNode() : mapper.readTree(shipper.toJson()));
        json.put("unshipped_steps", sum(TaskBacklog::unshippedSteps))
                .put("unshipped_verdicts", sum(TaskBacklog::unshippedVerdicts))
                .put("unshipped_bytes", sum(TaskBacklog::unshippedBytes))
                .put("bytes", sum(TaskBacklog::bytes))
                .put("oldest_unshipped_at", Objects.toString(oldestUnshipped, null))
                .put(
                        "oldest_unshipped_age_seconds",
                        oldestUnshipped == null
                                ? null
                                : Duration.between(oldestUnshipped, checkedAt).toSeconds());
        json.set("tasks", foldersJson(false));
        json.set("verdict_folders", foldersJson(true));
        problems.forEach(json.putArray("unreadable")::add);
        return json;
    }

    /** @param ofVerdicts whether to return the folders of verdicts, not those of tasks */
    private ArrayNode foldersJson(boolean ofVerdicts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        folders.stream().filter(folder -> folder.ofVerdicts() == ofVerdicts).forEach(folder -> {
            ObjectNode json = list.addObject()
                    .put(ofVerdicts ? "folder" : "task_id", folder.taskId().toString())
                    .put("writer_running", folder.writerRunning());
            json.put(
                            ofVerdicts ? "unshipped_verdicts" : "unshipped_steps",
                            ofVerdicts ? folder.unshippedVerdicts() : folder.unshippedSteps())
                    .put("unshipped_bytes", folder.unshippedBytes())
                    .put("bytes", folder.bytes());
            if (!ofVerdicts) {
                json.put("oldest_unshipped_at", Objects.toString(folder.oldestUnshipped(), null));
            }
            json.put("last_written_at", folder.lastWritten().toString());
        });
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
        long verdicts = sum(TaskBacklog::unshippedVerdicts);
        lines.add("backlog  " + TextFormat.count(sum(TaskBacklog::unshippedSteps), "step")
                + (verdicts == 0 ? "" : " and " + TextFormat.count(verdicts, "verdict"))
                + " in "
                + TextFormat.count(sum(TaskBacklog::unshippedBytes), "byte")
                + (oldestUnshipped == null
                        ? ""
                        : "; the oldest is " + TextFormat.duration(Duration.between(oldestUnshipped, checkedAt))
                                + " old"));
        lines.add("on disk  " + TextFormat.count(sum(TaskBacklog::bytes), "byte"));
        ArrayNode tasks = foldersJson(false);
        lines.add("tasks    " + tasks.size());
        problems.forEach(problem -> lines.add("problem  " + problem));
        addTable(lines, "TASK", "task_id", "unshipped_steps", tasks, zone);
        addTable(lines, "VERDICTS", "folder", "unshipped_verdicts", foldersJson(true), zone);
        return lines;
    }

    private static void addTable(
            List<String> lines, String title, String idField, String countField, ArrayNode rows, ZoneId zone) {
        if (rows.isEmpty()) {
            return;
        }
        lines.add("");
        lines.addAll(new Table(zone)
                .field(title, idField)
                .column("WRITER", row -> row.path("writer_running").asBoolean() ? "running" : "stopped")
                .fields(countField, "unshipped_bytes")
                .field("BYTES ON DISK", "bytes")
                .time("LAST WRITTEN", "last_written_at")
                .lines(rows.valueStream().toList()));
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
