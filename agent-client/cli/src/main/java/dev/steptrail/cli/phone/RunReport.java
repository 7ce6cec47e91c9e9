package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.tracker.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended, for people and programs.
 *
 * @param device the name of the phone
 * @param url the address of the task in the viewer; null if it is not known
 * @param consumption the tokens of the task and their cost
 */
record RunReport(
        RunResult result,
        UUID task,
        String device,
        @Nullable String url,
        Duration time,
        ConsumptionReport consumption) {
    private String outcome() {
        return RunOutcome.of(result).wireName();
    }

    List<String> toText() {
        String message = result.message() == null ? "" : ": " + result.message();
        return List.of(
                outcome().replace('_', ' ') + message,
                "task %s  %s  %s"
                        .formatted(
                                url == null ? task : url,
                                TextFormat.count(result.steps(), "step"),
                                RunProgress.seconds(time)));
    }

    ObjectNode toJson() {
        ObjectNode object = SteptrailCommand.object()
                .put("task_id", task.toString())
                .put("status", result.status().wireName())
                .put("end_reason", result.endReason().wireName())
                .put("outcome", outcome())
                .put("message", result.message())
                .put("steps", result.steps())
                .put("duration_ms", time.toMillis())
                .put("device", device)
                .put("url", url);
        return object.setAll(consumption.toJson());
    }
}
