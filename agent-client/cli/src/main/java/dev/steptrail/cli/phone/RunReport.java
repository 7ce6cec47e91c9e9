package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.tracker.RunResult;
import java.time.Duration;
import java.util.List;

/**
 * How a task ended, for people and programs.
 *
 * @param device the name of the phone
 * @param link the address of the task, or its id
 */
record RunReport(RunResult result, String device, String link, Duration time) {
    private String outcome() {
        return RunOutcome.of(result).wireName();
    }

    List<String> toText() {
        String message = result.message() == null ? "" : ": " + result.message();
        return List.of(
                outcome().replace('_', ' ') + message,
                "task %s  %s  %s".formatted(link, TextFormat.count(result.steps(), "step"), RunProgress.seconds(time)));
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("task_id", String.valueOf(result.taskId()))
                .put("status", result.status().wireName())
                .put("end_reason", result.endReason().wireName())
                .put("outcome", outcome())
                .put("message", result.message())
                .put("steps", result.steps())
                .put("duration_ms", time.toMillis())
                .put("device", device)
                .put("task", link);
    }
}
