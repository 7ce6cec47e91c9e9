package dev.steptrail.api.json;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.report.ReportContent;
import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.KeyScreenshot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the report in JSON: the task's fields and totals of its steps. Truncates lists to the response limit.
 */
public final class ReportJson {
    private ReportJson() {}

    private record Totals(
            @JsonUnwrapped TaskJson task,
            @Nullable Double stepSuccessRate,
            @Nullable Long elapsedMs,
            int summarisedSteps,
            boolean truncated,
            @JsonRawValue @Nullable String expectation,
            Durations stepDurations,
            Durations stepIntervals,
            Durations gapsBetweenSteps,
            Durations modelTime,
            @Nullable Boolean disagreement) {}

    private record KeyScreenshotBody(
            String reason, String stepId, int stepNumber, int screenshotIndex, String role, boolean sensitive) {
        static KeyScreenshotBody of(Task task, KeyScreenshot key) {
            return new KeyScreenshotBody(
                    key.reason(),
                    task.taskId() + "." + key.stepNumber(),
                    key.stepNumber(),
                    key.screenshotIndex(),
                    key.role(),
                    key.sensitive());
        }
    }

    public static byte[] write(ReportContent content) {
        Task task = content.task();
        TaskSummary summary = content.summary();
        TaskJudgements judgements = content.judgements();
        return Json.write((json, budget) -> {
            json.writeStartObject();
            Json.writeFields(
                    json,
                    new Totals(
                            TaskJson.of(task, content.usage()),
                            task.stepSuccessRate(),
                            task.elapsedMs(),
                            summary.summarisedSteps(),
                            summary.truncated(),
                            summary.expectation(),
                            summary.durations(),
                            summary.intervals(),
                            summary.gaps(),
                            summary.modelTimes(),
                            task.disagreement()));
            json.writeNumberField("total_verdicts", judgements.verdicts().total());
            json.writeNumberField("total_labels", judgements.labels().total());
            json.writeNumberField("total_notes", judgements.notes().total());
            writeList(
                    json,
                    budget,
                    "verdicts",
                    judgements.verdicts().items().stream().map(VerdictJson::of).toList());
            writeList(json, budget, "labels", judgements.labels().items());
            writeList(json, budget, "notes", judgements.notes().items());
            writeCounts(json, budget, "steps_by_type", summary.byType());
            writeCounts(json, budget, "steps_by_action", summary.byAction());
            writeList(json, budget, "timeline", summary.timeline());
            writeList(json, budget, "errors", summary.errors());
            writeList(json, budget, "error_causes", summary.causes());
            writeList(
                    json,
                    budget,
                    "key_screenshots",
                    summary.keyScreenshots().stream()
                            .map(key -> KeyScreenshotBody.of(task, key))
                            .toList());
            json.writeNumberField(
                    "total_lost_screenshots", summary.lostScreenshots().total());
            writeList(
                    json, budget, "lost_screenshots", summary.lostScreenshots().listed());
            writeList(json, budget, "missing_steps", summary.missing());
            writeList(json, budget, "findings", summary.findings());
            writeList(json, budget, "suggestions", summary.suggestions());
            json.writeEndObject();
        });
    }

    private static void writeCounts(JsonGenerator json, ResponseBudget budget, String field, Map<String, Long> counts)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            if (!budget.writeIfFits(part -> part.writeNumberField(count.getKey(), count.getValue()))) {
                break;
            }
        }
        json.writeEndObject();
    }

    private static void writeList(JsonGenerator json, ResponseBudget budget, String field, List<?> rows)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (Object row : rows) {
            if (!budget.writeIfFits(part -> part.writeObject(row))) {
                break;
            }
        }
        json.writeEndArray();
    }
}
