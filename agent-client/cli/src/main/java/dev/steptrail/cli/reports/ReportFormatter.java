package dev.steptrail.cli.reports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.judging.VerdictsCommand;
import dev.steptrail.cli.tasks.TasksCommand;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.cli.terminal.UsageFormat;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Formats a report as text. Omits lines whose values are zero or missing. */
final class ReportFormatter {
    /** The maximum length of a list, in lines. */
    private static final int MAX_LIST_LINES = 20;

    /** The maximum width of a line, in columns. An error may be pages long. */
    private static final int MAX_WIDTH = 500;

    private final JsonNode report;
    private final ZoneId zone;
    private final List<String> lines = new ArrayList<>();

    /** @param zone the time zone in which times are printed */
    ReportFormatter(JsonNode report, ZoneId zone) {
        this.report = report;
        this.zone = zone;
    }

    List<String> lines() {
        addTask();
        addSteps();
        if (report.path("expectation").isObject()) {
            JsonNode expectation = report.path("expectation");
            addLine("tasks", InsightFormatter.expectation(expectation), expectation);
        }
        addLosses();
        addList("finding", "findings", ReportFormatter::formatFinding);
        addList("suggestion", "suggestions", ReportFormatter::formatSuggestion);
        addList("error", "errors", error -> fill("step {step_number}: {error_message}", error));
        return lines;
    }

    private void addTask() {
        addTextLine("task", "task_id");
        addTextLine("name", "name");
        if (!report.path("description").equals(report.path("name"))) {
            addTextLine("instruction", "description");
        }
        addTextLine("agent", "agent");
        addTextLine("model", "model");
        addTextLine("device", "device_id");
        addTextLine("experiment", "experiment");
        addTextLine("case", "case_id");
        if (report.path("repeat").isNumber()) {
            addLine("repeat", "{repeat}", report);
        }
        if (!report.path("attributes").isEmpty()) {
            addLine("attributes", TextFormat.fields(report.path("attributes")));
        }
        addLine("status", TasksCommand.status(report));
        addTextLine("message", "message");
        addJudgements();
        String duration = report.path("elapsed_ms").isNumber() ? fill(", took {elapsed_ms:ms}", report) : "";
        addLine("started", TextFormat.time(report.path("started_at"), zone) + duration);
    }

    private void addJudgements() {
        if (report.path("verdict").isTextual()) {
            String contradiction = report.path("disagreement").asBoolean() ? "; it contradicts the agent's claim" : "";
            addLine("verdict", "{verdict} ({verdict_source})" + contradiction, report);
        }
        addList(
                "judgement",
                "verdicts",
                report.path("total_verdicts").asLong(),
                "steptrail verdicts list prints all",
                verdict -> fill("{name} {value} by ", verdict)
                        + VerdictsCommand.judge(verdict)
                        + (verdict.path("reason").isTextual() ? fill(": {reason}", verdict) : ""));
        if (!report.path("tags").isEmpty()) {
            addLine("tags", "{tags:list}", report);
        }
        addList(
                "label",
                "labels",
                report.path("total_labels").asLong(),
                "steptrail label list prints all",
                label -> fill("step {step_number}: {label}", label));
        addList(
                "note",
                "notes",
                report.path("total_notes").asLong(),
                "steptrail note list prints all",
                note -> fill((note.path("step_number").isNumber() ? "step {step_number}: " : "") + "{text}", note));
    }

    private void addSteps() {
        String rate = report.path("step_success_rate").isNumber() ? " (success rate {step_success_rate:%} %)" : "";
        addLine("steps", "{total_steps}: {successful_steps} succeeded, {failed_steps} failed" + rate, report);
        if (report.path("truncated").asBoolean()) {
            addLine("summarised", "{summarised_steps} of {total_steps} steps: the first and the last", report);
        }
        addCounts("by type", report.path("steps_by_type"));
        addCounts("by action", report.path("steps_by_action"));
        if (report.path("usage").isObject()) {
            addLine(
                    "tokens",
                    "{input_tokens} input, of which {cached_tokens} cached, {output_tokens} output",
                    report.path("usage"));
            addLine("cost", UsageFormat.cost(report.path("cost")));
        }
        addDurations("step time", report.path("step_durations"));
        addDurations("intervals", report.path("step_intervals"));
        addDurations("idle time", report.path("gaps_between_steps"));
        addDurations("model time", report.path("model_time"));
    }

    private void addLosses() {
        addDropped("dropped_steps", "step");
        addDropped("dropped_screenshots", "screenshot");
        if (report.path("total_lost_screenshots").asLong() > 0) {
            addLine("lost", "{total_lost_screenshots:screenshot} missing from steps", report);
        }
        addList("lost", "lost_screenshots", lost -> {
            String countSuffix = lost.path("count").asLong() > 1 ? " ({count})" : "";
            return fill("step {step_number}, {role}: {reason}" + countSuffix, lost);
        });
        addList(
                "missing",
                "missing_steps",
                range -> fill(
                        range.path("first").equals(range.path("last")) ? "step {first}" : "steps {first} to {last}",
                        range));
        if (report.path("conflicting_steps").asLong() > 0) {
            addLine("conflicts", "{conflicting_steps:step}", report);
        }
    }

    private void addTextLine(String label, String field) {
        if (report.path(field).isTextual()) {
            addLine(label, TextFormat.line(report.path(field)));
        }
    }

    private void addCounts(String label, JsonNode counts) {
        if (!counts.isEmpty()) {
            addLine(label, join(counts));
        }
    }

    private static String join(JsonNode counts) {
        return counts.properties().stream()
                .map(count -> count.getKey() + " " + count.getValue().asText())
                .collect(Collectors.joining(", "));
    }

    private void addDurations(String label, JsonNode durations) {
        if (durations.path("mean_ms").isNumber()) {
            addLine(
                    label,
                    "mean {mean_ms:ms}, median {p50_ms:ms}, 95th percentile {p95_ms:ms}, maximum {longest_ms:ms}",
                    durations);
        }
    }

    /** Adds a line with the number of dropped items, and the reasons if the recorder reported them. */
    private void addDropped(String field, String noun) {
        if (report.path(field).asLong() > 0) {
            String reasons = join(report.path("losses").path(field));
            String count = TextFormat.count(report.path(field).asLong(), noun);
            addLine("lost", count + " dropped by the recorder" + (reasons.isEmpty() ? "" : ": " + reasons));
        }
    }

    private void addList(String label, String field, Function<JsonNode, String> format) {
        addList(label, field, report.path(field).size(), "use --format json to print all", format);
    }

    /**
     * Adds a line per item, and a line with the number of omitted items.
     *
     * @param total the number of all items, of which the report may contain only the first
     * @param hint how to print all items
     */
    private void addList(String label, String field, long total, String hint, Function<JsonNode, String> format) {
        JsonNode items = report.path(field);
        for (int i = 0; i < Math.min(MAX_LIST_LINES, items.size()); i++) {
            addLine(label, format.apply(items.path(i)));
        }
        if (total > MAX_LIST_LINES) {
            addLine(label, "and " + (total - MAX_LIST_LINES) + " more; " + hint);
        }
    }

    private void addLine(String label, String template, JsonNode values) {
        addLine(label, fill(template, values));
    }

    private void addLine(String label, String text) {
        lines.add(String.format(Locale.ROOT, "%-11s %s", label, Terminal.truncate(text, MAX_WIDTH)));
    }

    private static String fill(String template, JsonNode values) {
        return TextFormat.fill(template, values, MAX_WIDTH);
    }

    /** Formats a finding: its kind, a sentence with figures, and the steps. */
    private static String formatFinding(JsonNode finding) {
        JsonNode detail = finding.path("detail");
        String template =
                switch (finding.path("kind").asText()) {
                    case "gap" ->
                        detail.path("dropped_steps").asLong() > 0
                                ? "{total:step} missing; the recorder reported {dropped_steps} dropped"
                                : "{total:step} missing";
                    case "clock_backwards" -> "{total:time}, by up to {largest_ms:ms}";
                    case "loop" -> "{action} {count:time}, on " + screen(detail) + firstAction(detail);
                    case "no_progress" ->
                        (detail.has("actions")
                                        ? "the same {actions:action} repeated in {count:step}, on "
                                        : "{count:step} in a row, on ")
                                + screen(detail)
                                + firstAction(detail);
                    case "path_deviation" -> "other tasks do {usual_action}";
                    default -> "";
                };
        return formatWithSteps(finding, template, detail);
    }

    private static String formatSuggestion(JsonNode suggestion) {
        JsonNode figures = suggestion.path("figures");
        String template =
                switch (suggestion.path("kind").asText()) {
                    case "unknown_app" ->
                        "the agent does not know the app {app} ({count:time}): add it to the agent's list of apps, or"
                                + " use the name that the phone shows";
                    case "too_many_waits" ->
                        "{count} of {steps:step} only wait"
                                + (figures.has("waited_ms") ? ", {waited_ms:ms} in total" : "")
                                + ": let the agent wait once, until the screen that it needs appears";
                    case "repeated_touch" ->
                        "one place was touched {count:time}, on " + screen(figures)
                                + ": let the agent try something else after the second time" + firstAction(figures);
                    case "take_over" ->
                        "the agent asked a person to take over {count:time}: give it what it needs, such as a login,"
                                + " or omit that part of the instruction";
                    case "slow_model" ->
                        "the model took 10 s or longer in {count} of {steps:step}, {mean_ms:ms} on average: use a"
                                + " faster model or server, or smaller screenshots";
                    case "large_screenshots" ->
                        "screenshots take {mean_bytes:kB} kB on average: lower the shipper's quality";
                    case "shorter_path" ->
                        "task {task_id} took {saved_steps:fewer step}: suggest its path to the agent";
                    default -> "";
                };
        return formatWithSteps(suggestion, template, figures);
    }

    /**
     * Formats a finding or suggestion. The steps come last, because long lines are truncated at the end. The figures
     * of an unknown kind are printed as JSON.
     */
    private static String formatWithSteps(JsonNode entry, String template, JsonNode figures) {
        boolean hasTemplate = !template.isEmpty() && figures.isObject();
        String sentence = hasTemplate ? fill(template, figures) : figures.isEmpty() ? "" : TextFormat.line(figures);
        return TextFormat.line(entry.path("kind")) + ": " + (sentence.isEmpty() ? "" : sentence + "; ")
                + (entry.path("steps").size() == 1 ? "step " : "steps ") + TextFormat.line(entry.path("steps"));
    }

    private static String screen(JsonNode figures) {
        return switch (figures.path("screen").asText()) {
            case "unchanged" -> "an unchanged screen";
            case "unknown" -> "an unknown screen";
            default -> "screen {screen}";
        };
    }

    private static String firstAction(JsonNode figures) {
        return figures.has("first_action") ? "; first action {first_action}" : "";
    }
}
