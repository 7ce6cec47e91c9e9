package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Formats a report for people: a line for each thing that there is to tell, and none for what did not happen. */
final class ReportText {
    /** The most lines of a list. */
    private static final int MOST = 20;

    /** The most columns of a line: an error may be pages of text. */
    private static final int LONGEST = 500;

    private final JsonNode report;
    private final List<String> lines = new ArrayList<>();

    ReportText(JsonNode report) {
        this.report = report;
    }

    List<String> lines() {
        task();
        steps();
        if (report.path("expectation").isObject()) {
            JsonNode expectation = report.path("expectation");
            line("runs", InsightText.expectation(expectation), expectation);
        }
        losses();
        list("finding", "findings", FoundText::finding);
        list("advice", "suggestions", FoundText::suggestion);
        list("error", "errors", error -> filled("step {step_number}: {error_message}", error));
        return lines;
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
        String took = report.path("elapsed_ms").isNumber() ? filled(", took {elapsed_ms:ms}", report) : "";
        line("started", JsonCell.time(report.path("started_at")) + took);
    }

    private void steps() {
        String rate = report.path("success_rate").isNumber() ? " ({success_rate:%} % of these went well)" : "";
        line("steps", "{total_steps}: {successful_steps} ok, {failed_steps} failed" + rate, report);
        counts("by type", report.path("steps_by_type"));
        counts("by action", report.path("steps_by_action"));
        durations("durations", report.path("step_durations"));
        durations("intervals", report.path("step_intervals"));
        durations("gaps", report.path("gaps_between_steps"));
        durations("model", report.path("model_time"));
    }

    private void losses() {
        dropped("dropped_steps", " steps, which the recorder dropped");
        dropped("dropped_screenshots", " screenshots, which the recorder dropped");
        if (report.path("total_lost_screenshots").asLong() > 0) {
            line("lost", "{total_lost_screenshots} screenshots that steps should show", report);
        }
        list("lost", "lost_screenshots", lost -> {
            String several = lost.path("count").asLong() > 1 ? " ({count})" : "";
            return filled("step {step_number}, {role}: {reason}" + several, lost);
        });
        list("missing", "missing_steps", range -> filled("steps {first} to {last}", range));
        if (report.path("conflicts").asLong() > 0) {
            line("conflicts", "{conflicts}", report);
        }
    }

    private void known(String label, String field) {
        if (report.path(field).isTextual()) {
            line(label, JsonCell.line(report.path(field)));
        }
    }

    private void counts(String label, JsonNode counts) {
        if (!counts.isEmpty()) {
            line(label, joined(counts));
        }
    }

    private static String joined(JsonNode counts) {
        return counts.properties().stream()
                .map(count -> count.getKey() + " " + count.getValue().asText())
                .collect(Collectors.joining(", "));
    }

    private void durations(String label, JsonNode durations) {
        if (durations.path("mean_ms").isNumber()) {
            line(
                    label,
                    "mean {mean_ms:ms}, half of them up to {p50_ms:ms}, 95 % up to {p95_ms:ms}, the longest {longest_ms:ms}",
                    durations);
        }
    }

    /** With the reasons, if the recorder reported them. */
    private void dropped(String field, String what) {
        if (report.path(field).asLong() > 0) {
            String reasons = joined(report.path("losses").path(field));
            line("lost", JsonCell.line(report.path(field)) + what + (reasons.isEmpty() ? "" : ": " + reasons));
        }
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

    private void line(String label, String template, JsonNode values) {
        line(label, filled(template, values));
    }

    private void line(String label, String text) {
        lines.add(String.format(Locale.ROOT, "%-10s %s", label, TextWidth.cut(text, LONGEST)));
    }

    private static String filled(String template, JsonNode values) {
        return JsonCell.fill(template, values, LONGEST);
    }
}
