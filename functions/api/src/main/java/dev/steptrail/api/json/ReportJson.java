package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The report in JSON: the task's own fields, and its steps added up. A list that has no room in one answer ends where that is full. */
public final class ReportJson {
    private static final int USUAL_LENGTH = 16 * 1024;

    private ReportJson() {}

    public static byte[] of(Task task, TaskSummary summary) {
        JsonBuffer written = new JsonBuffer(USUAL_LENGTH);
        return Json.of(written, json -> {
            AnswerRoom room = new AnswerRoom(json, written);
            json.writeStartObject();
            TaskJson.fields(json, task);
            Json.rounded(json, "success_rate", task.successRate());
            Json.number(json, "elapsed_ms", task.elapsedMs());
            Json.raw(json, "expectation", summary.expectation());
            durations(json, "step_durations", summary.durations());
            durations(json, "step_intervals", summary.intervals());
            durations(json, "gaps_between_steps", summary.gaps());
            durations(json, "model_time", summary.modelTimes());
            counts(json, room, "steps_by_type", summary.byType());
            counts(json, room, "steps_by_action", summary.byAction());
            timeline(json, room, summary);
            errors(json, room, summary);
            keyScreenshots(json, room, task, summary);
            lostScreenshots(json, room, summary.lostScreenshots());
            missing(json, room, summary);
            findings(json, room, summary);
            suggestions(json, room, summary);
            json.writeEndObject();
        });
    }

    private static void durations(JsonGenerator json, String field, TaskSummary.Durations durations)
            throws IOException {
        json.writeObjectFieldStart(field);
        Json.number(json, "total_ms", durations.total());
        Json.rounded(json, "mean_ms", durations.mean());
        Json.rounded(json, "p50_ms", durations.p50());
        Json.rounded(json, "p95_ms", durations.p95());
        Json.number(json, "longest_ms", durations.longest());
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, AnswerRoom room, String field, Map<String, Long> counts)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            if (!room.add(part -> part.writeNumberField(count.getKey(), count.getValue()))) {
                break;
            }
        }
        json.writeEndObject();
    }

    private static void timeline(JsonGenerator json, AnswerRoom room, TaskSummary summary) throws IOException {
        list(json, room, "timeline", summary.timeline(), stretch -> {
            Json.number(json, "first_step", stretch.firstStep());
            Json.number(json, "last_step", stretch.lastStep());
            Json.number(json, "steps", stretch.steps());
            Json.number(json, "errors", stretch.errors());
            Json.number(json, "unknown", stretch.unknown());
            Json.time(json, "at", stretch.at());
            Json.number(json, "duration_ms", stretch.durationMs());
            Json.text(json, "step_type", stretch.stepType());
            Json.text(json, "action", stretch.action());
        });
    }

    private static void errors(JsonGenerator json, AnswerRoom room, TaskSummary summary) throws IOException {
        list(json, room, "errors", summary.errors(), error -> {
            Json.number(json, "step_number", error.stepNumber());
            Json.text(json, "step_type", error.stepType());
            Json.text(json, "action", error.action());
            Json.text(json, "error_message", error.errorMessage());
        });
        list(json, room, "error_causes", summary.causes(), cause -> {
            Json.text(json, "cause", cause.cause());
            Json.number(json, "count", cause.count());
            Json.number(json, "first_step", cause.firstStep());
            Json.number(json, "last_step", cause.lastStep());
        });
    }

    private static void keyScreenshots(JsonGenerator json, AnswerRoom room, Task task, TaskSummary summary)
            throws IOException {
        list(json, room, "key_screenshots", summary.keyScreenshots(), screenshot -> {
            Json.text(json, "why", screenshot.why());
            Json.text(json, "step_id", task.taskId() + "." + screenshot.stepNumber());
            Json.number(json, "step_number", screenshot.stepNumber());
            Json.number(json, "ordinal", screenshot.ordinal());
            Json.text(json, "role", screenshot.role());
            Json.flag(json, "sensitive", screenshot.sensitive());
        });
    }

    private static void lostScreenshots(JsonGenerator json, AnswerRoom room, TaskSummary.LostScreenshots lost)
            throws IOException {
        Json.number(json, "total_lost_screenshots", lost.total());
        list(json, room, "lost_screenshots", lost.listed(), screenshot -> {
            Json.number(json, "step_number", screenshot.stepNumber());
            Json.text(json, "role", screenshot.role());
            Json.text(json, "reason", screenshot.reason());
            Json.number(json, "count", screenshot.count());
        });
    }

    private static void missing(JsonGenerator json, AnswerRoom room, TaskSummary summary) throws IOException {
        list(json, room, "missing_steps", summary.missing(), range -> {
            Json.number(json, "first", range.first());
            Json.number(json, "last", range.last());
        });
    }

    private static void findings(JsonGenerator json, AnswerRoom room, TaskSummary summary) throws IOException {
        list(json, room, "findings", summary.findings(), finding -> {
            Json.text(json, "kind", finding.kind());
            steps(json, finding.steps());
            Json.raw(json, "detail", finding.detail());
        });
    }

    private static void suggestions(JsonGenerator json, AnswerRoom room, TaskSummary summary) throws IOException {
        list(json, room, "suggestions", summary.suggestions(), suggestion -> {
            Json.text(json, "kind", suggestion.kind());
            steps(json, suggestion.steps());
            Json.raw(json, "figures", suggestion.figures());
        });
    }

    private static void steps(JsonGenerator json, List<Integer> steps) throws IOException {
        json.writeArrayFieldStart("steps");
        for (int step : steps) {
            json.writeNumber(step);
        }
        json.writeEndArray();
    }

    private interface Fields<R> {
        void write(R row) throws IOException;
    }

    private static <R> void list(JsonGenerator json, AnswerRoom room, String field, List<R> rows, Fields<R> fields)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (R row : rows) {
            boolean fits = room.add(part -> {
                part.writeStartObject();
                fields.write(row);
                part.writeEndObject();
            });
            if (!fits) {
                break;
            }
        }
        json.writeEndArray();
    }
}
