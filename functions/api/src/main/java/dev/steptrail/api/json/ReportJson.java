package dev.steptrail.api.json;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.KeyScreenshot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report in JSON: the task's fields and totals of its steps. Lists are truncated to the size limit of a response.
 */
public final class ReportJson {
    private ReportJson() {}

    private record Totals(
            @JsonUnwrapped Task task,
            @Nullable Double stepSuccessRate,
            @Nullable Long elapsedMs,
            @JsonRawValue @Nullable String expectation,
            Durations stepDurations,
            Durations stepIntervals,
            Durations gapsBetweenSteps,
            Durations modelTime) {}

    private record KeyScreenshotOfTask(
            String reason, String stepId, int stepNumber, int screenshotIndex, String role, boolean sensitive) {
        static KeyScreenshotOfTask of(Task task, KeyScreenshot key) {
            return new KeyScreenshotOfTask(
                    key.reason(),
                    task.taskId() + "." + key.stepNumber(),
                    key.stepNumber(),
                    key.screenshotIndex(),
                    key.role(),
                    key.sensitive());
        }
    }

    public static byte[] of(Task task, TaskSummary summary) {
        return Json.write((json, budget) -> {
            json.writeStartObject();
            Json.writeFields(
                    json,
                    new Totals(
                            task,
                            task.stepSuccessRate(),
                            task.elapsedMs(),
                            summary.expectation(),
                            summary.durations(),
                            summary.intervals(),
                            summary.gaps(),
                            summary.modelTimes()));
            counts(json, budget, "steps_by_type", summary.byType());
            counts(json, budget, "steps_by_action", summary.byAction());
            list(json, budget, "timeline", summary.timeline());
            list(json, budget, "errors", summary.errors());
            list(json, budget, "error_causes", summary.causes());
            list(
                    json,
                    budget,
                    "key_screenshots",
                    summary.keyScreenshots().stream()
                            .map(key -> KeyScreenshotOfTask.of(task, key))
                            .toList());
            json.writeNumberField(
                    "total_lost_screenshots", summary.lostScreenshots().total());
            list(json, budget, "lost_screenshots", summary.lostScreenshots().listed());
            list(json, budget, "missing_steps", summary.missing());
            list(json, budget, "findings", summary.findings());
            list(json, budget, "suggestions", summary.suggestions());
            json.writeEndObject();
        });
    }

    private static void counts(JsonGenerator json, ResponseBudget budget, String field, Map<String, Long> counts)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            if (!budget.add(part -> part.writeNumberField(count.getKey(), count.getValue()))) {
                break;
            }
        }
        json.writeEndObject();
    }

    private static void list(JsonGenerator json, ResponseBudget budget, String field, List<?> rows) throws IOException {
        json.writeArrayFieldStart(field);
        for (Object row : rows) {
            if (!budget.add(part -> part.writeObject(row))) {
                break;
            }
        }
        json.writeEndArray();
    }
}
