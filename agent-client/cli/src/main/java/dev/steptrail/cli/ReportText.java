package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Formats a report as text. Omits lines whose values are zero or missing. */
final class ReportText {
    /** The maximum length of a list, in lines. */
    private static final int MOST = 20;

    /** The maximum width of a line in columns, because an error may be pages long. */
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
        list("finding", "findings", ReportText::finding);
        list("advice", "suggestions", ReportText::suggestion);
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
        String rate = report.path("success_rate").isNumber() ? " ({success_rate:%} % of these succeeded)" : "";
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

    /** Adds a line with the number of dropped items, and the reasons if the recorder reported them. */
    private void dropped(String field, String what) {
        if (report.path(field).asLong() > 0) {
            String reasons = joined(report.path("losses").path(field));
            line("lost", JsonCell.line(report.path(field)) + what + (reasons.isEmpty() ? "" : ": " + reasons));
        }
    }

    private void list(String label, String field, Function<JsonNode, String> format) {
        JsonNode items = report.path(field);
        for (int i = 0; i < Math.min(MOST, items.size()); i++) {
            line(label, format.apply(items.path(i)));
        }
        if (items.size() > MOST) {
            line(label, "and " + (items.size() - MOST) + " more: --format json has them all");
        }
    }

    private void line(String label, String template, JsonNode values) {
        line(label, filled(template, values));
    }

    private void line(String label, String text) {
        lines.add(String.format(Locale.ROOT, "%-10s %s", label, Terminal.cut(text, LONGEST)));
    }

    private static String filled(String template, JsonNode values) {
        return JsonCell.fill(template, values, LONGEST);
    }

    /** Formats a finding: its kind, a sentence with figures, and the steps. */
    private static String finding(JsonNode finding) {
        JsonNode detail = finding.path("detail");
        String template =
                switch (finding.path("kind").asText()) {
                    case "gap" ->
                        detail.path("dropped_steps").asLong() > 0
                                ? "{total} missing, where the recorder says that it dropped {dropped_steps}"
                                : "{total} missing";
                    case "clock_backwards" -> "{total:times}, by up to {largest_ms:ms}";
                    case "loop" -> "{action} {count:times}, on " + screen(detail) + first(detail);
                    case "no_progress" ->
                        (detail.has("actions")
                                        ? "the same {actions} actions again and again, in {count} steps, on "
                                        : "{count} steps in a row, on ")
                                + screen(detail)
                                + first(detail);
                    case "left_usual_path" -> "others do {others_do}";
                    default -> "";
                };
        return withSteps(finding, template, detail);
    }

    private static String suggestion(JsonNode suggestion) {
        JsonNode figures = suggestion.path("figures");
        String template =
                switch (suggestion.path("kind").asText()) {
                    case "unknown_app" ->
                        "the agent does not know the app {app} ({count:times}): add it to the agent's list of apps, or"
                                + " name it as the phone does";
                    case "too_many_waits" ->
                        "{count} of {steps} steps only wait"
                                + (figures.has("waited_ms") ? ", {waited_ms:ms} together" : "")
                                + ": have the agent wait once, for what it needs";
                    case "repeated_touch" ->
                        "one place was touched {count:times}, on " + screen(figures)
                                + ": have the agent try another way after the second time" + first(figures);
                    case "take_over" ->
                        "a person was asked to take over {count:times}: give the agent what it lacks, such as a login,"
                                + " or leave that part out";
                    case "slow_model" ->
                        "the model took 10 s or longer in {count} of {steps} steps, {mean_ms:ms} on average: use a"
                                + " faster model or server, or smaller screenshots";
                    case "large_screenshots" ->
                        "screenshots take {mean_bytes:kB} kB on average: lower the shipper's quality";
                    case "shorter_path" ->
                        "another run did this in {saved_steps} fewer steps, {task_id}: suggest that path to the agent";
                    default -> "";
                };
        return withSteps(suggestion, template, figures);
    }

    /**
     * The steps come last, because long lines are truncated at the end. Figures of kinds that this version does not know are
     * printed as JSON.
     */
    private static String withSteps(JsonNode found, String template, JsonNode figures) {
        boolean known = !template.isEmpty() && figures.isObject();
        String sentence = known ? filled(template, figures) : figures.isEmpty() ? "" : JsonCell.line(figures);
        return JsonCell.line(found.path("kind")) + ": " + (sentence.isEmpty() ? "" : sentence + "; ")
                + (found.path("steps").size() == 1 ? "step " : "steps ") + JsonCell.line(found.path("steps"));
    }

    private static String screen(JsonNode figures) {
        return switch (figures.path("screen").asText()) {
            case "unchanged" -> "a screen that looks the same";
            case "unknown" -> "a screen that is not known";
            default -> "screen {screen}";
        };
    }

    private static String first(JsonNode figures) {
        return figures.has("first_action") ? "; first {first_action}" : "";
    }
}
