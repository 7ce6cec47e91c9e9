package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A report for people: a line for each thing that there is to tell, and none for what did not happen. */
final class ReportText {
    /** Of a list. */
    private static final int MOST = 20;

    /** Of a line, in columns: an error may be pages of text. */
    private static final int LONGEST = 500;

    private final JsonNode report;
    private final List<String> lines = new ArrayList<>();

    private ReportText(JsonNode report) {
        this.report = report;
    }

    static List<String> lines(JsonNode report) {
        ReportText text = new ReportText(report);
        text.task();
        text.steps();
        text.runs();
        text.losses();
        text.list(
                "error", "errors", error -> "step " + cell(error, "step_number") + ": " + cell(error, "error_message"));
        return text.lines;
    }

    private void task() {
        known("task", "task_id");
        known("name", "name");
        if (!report.path("description").equals(report.path("name"))) {
            known("described", "description");
        }
        known("agent", "agent");
        known("model", "model");
        known("device", "device_id");
        line("status", TasksCommand.status(report));
        known("message", "message");
        JsonNode elapsed = report.path("elapsed_ms");
        line(
                "started",
                JsonCell.time(report.path("started_at")) + (elapsed.isNumber() ? ", took " + time(elapsed) : ""));
    }

    private void steps() {
        JsonNode rate = report.path("success_rate");
        line(
                "steps",
                cell(report, "total_steps") + ": " + cell(report, "successful_steps") + " ok, "
                        + cell(report, "failed_steps") + " failed"
                        + (rate.isNumber()
                                ? String.format(Locale.ROOT, " (%.0f %% of these went well)", 100 * rate.asDouble())
                                : ""));
        counts("by type", report.path("steps_by_type"));
        counts("by action", report.path("steps_by_action"));
        durations("durations", report.path("step_durations"));
        durations("intervals", report.path("step_intervals"));
        durations("gaps", report.path("gaps_between_steps"));
        durations("model", report.path("model_time"));
    }

    /** How those of this task went, this one among them once it has ended. */
    private void runs() {
        if (report.path("expectation").isObject()) {
            line("runs", InsightText.expectation(report.path("expectation")));
        }
    }

    private void losses() {
        dropped("dropped_steps", "steps, which the recorder dropped");
        dropped("dropped_screenshots", "screenshots, which the recorder dropped");
        if (report.path("total_lost_screenshots").asLong() > 0) {
            line("lost", cell(report, "total_lost_screenshots") + " screenshots that steps should show");
        }
        list("lost", "lost_screenshots", ReportText::lostScreenshot);
        list("missing", "missing_steps", range -> "steps " + cell(range, "first") + " to " + cell(range, "last"));
        if (report.path("conflicts").asLong() > 0) {
            line("conflicts", cell(report, "conflicts"));
        }
        list("finding", "findings", FoundText::finding);
        list("advice", "suggestions", FoundText::suggestion);
    }

    private void known(String label, String field) {
        if (report.path(field).isTextual()) {
            line(label, cell(report, field));
        }
    }

    private void counts(String label, JsonNode counts) {
        if (!counts.isEmpty()) {
            line(label, told(counts));
        }
    }

    private static String told(JsonNode counts) {
        List<String> told = new ArrayList<>();
        counts.properties()
                .forEach(count ->
                        told.add(count.getKey() + " " + count.getValue().asText()));
        return String.join(", ", told);
    }

    private void durations(String label, JsonNode durations) {
        if (durations.path("mean_ms").isNumber()) {
            line(
                    label,
                    "mean " + time(durations.path("mean_ms")) + ", half of them up to "
                            + time(durations.path("p50_ms")) + ", 95 % up to "
                            + time(durations.path("p95_ms")) + ", the longest "
                            + time(durations.path("longest_ms")));
        }
    }

    /** With the reasons, where the recorder told them. */
    private void dropped(String field, String what) {
        if (report.path(field).asLong() > 0) {
            String reasons = told(report.path("losses").path(field));
            line("lost", cell(report, field) + " " + what + (reasons.isEmpty() ? "" : ": " + reasons));
        }
    }

    private static String lostScreenshot(JsonNode lost) {
        String several = lost.path("count").asLong() > 1 ? " (" + cell(lost, "count") + ")" : "";
        return "step " + cell(lost, "step_number") + ", " + cell(lost, "role") + ": " + cell(lost, "reason") + several;
    }

    private void list(String label, String field, Function<JsonNode, String> told) {
        JsonNode items = report.path(field);
        for (int i = 0; i < Math.min(MOST, items.size()); i++) {
            line(label, told.apply(items.path(i)));
        }
        if (items.size() > MOST) {
            line(label, "and " + (items.size() - MOST) + " more: --format json has them all");
        }
    }

    private void line(String label, String text) {
        lines.add(String.format(Locale.ROOT, "%-10s %s", label, TextWidth.cut(text, LONGEST)));
    }

    private static String cell(JsonNode object, String field) {
        return JsonCell.line(object.path(field));
    }

    static String time(JsonNode milliseconds) {
        double ms = milliseconds.asDouble();
        if (ms < 1000) {
            return String.format(Locale.ROOT, "%.0f ms", ms);
        }
        return ms < 60_000
                ? String.format(Locale.ROOT, "%.1f s", ms / 1000)
                : StatusText.told(Duration.ofMillis(Math.round(ms)));
    }
}
