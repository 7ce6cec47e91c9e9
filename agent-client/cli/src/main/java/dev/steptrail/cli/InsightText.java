package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats insights as text: a line for each insight below its task's instruction, with the newest run or step as an example. */
final class InsightText {
    /** The maximum width of a value, such as an error, in columns. */
    private static final int LONGEST = 200;

    private static final String SUCCEEDED = "{successes} of {runs} runs succeeded ({success_rate:%} %)";
    private static final String OF_FAILURES = "{runs} of {failures} failed runs";

    private String task = "";

    boolean isEmpty() {
        return task.isEmpty();
    }

    /** Formats the next page. The heading of the previous page's last task is not repeated. */
    List<String> lines(List<JsonNode> insights) {
        List<String> lines = new ArrayList<>();
        for (JsonNode insight : insights) {
            String text = insight.path("task_text").asText().isEmpty()
                    ? "(all tasks together)"
                    : JsonCell.line(insight.path("task_text"));
            String its = text + " (" + JsonCell.line(insight.path("owner")) + ")";
            if (!its.equals(task)) {
                lines.add(its);
                task = its;
            }
            lines.add(line(insight));
        }
        return lines;
    }

    private static String line(JsonNode insight) {
        JsonNode shown = insight.path("steps").isEmpty() ? insight.path("runs") : insight.path("steps");
        String newest = shown.isEmpty() ? "" : "; see " + JsonCell.line(shown.path(0));
        JsonNode figures = insight.path("figures");
        String template = template(insight.path("kind").asText(), figures);
        String text = template.isEmpty()
                ? Terminal.cut(JsonCell.line(figures), LONGEST)
                : JsonCell.fill(template, figures, LONGEST);
        return String.format(Locale.ROOT, "  %-18s  %s%s", JsonCell.line(insight.path("kind")), text, newest);
    }

    /** The template for a kind; empty for kinds that this version does not know, whose figures are printed as JSON. */
    private static String template(String kind, JsonNode figures) {
        return switch (kind) {
            case "expectation" -> expectation(figures);
            case "flaky" -> SUCCEEDED + ", early ones as late ones";
            case "regression" ->
                figures.path("what").asText().equals("success")
                        ? "{dimension} {from}: {before:%} % of {runs_before} runs succeeded,"
                                + " {to}: {after:%} % of {runs_after} runs succeeded"
                        : "{dimension} {from}: {runs_before} successes took {before:ms},"
                                + " {to}: {runs_after} successes took {after:ms}";
            case "shorter_path" ->
                "{shorter_runs} of {runs} successes took about {steps} steps, {usual_steps} are usual";
            case "left_usual_path" -> OF_FAILURES + " had left the path on which others succeed";
            case "slow_step" ->
                (figures.path("steps").asInt() == 1 ? "1 step" : "{steps} steps")
                        + " took far longer than the same step mostly takes"
                        + (figures.has("action") && figures.has("duration_ms") && figures.has("usual_ms")
                                ? ", most of all {action}: {duration_ms:ms}, mostly {usual_ms:ms}"
                                : "");
            case "failures_alike" -> OF_FAILURES + " have the same last error, {error}";
            case "failures_on_screen" ->
                OF_FAILURES + " with screenshots ended on a screen that looks the same, " + errors(figures);
            case "frequent_sequence" ->
                "{runs} of {of_runs} runs"
                        + (figures.path("task_texts").asInt() > 1 ? ", of {task_texts} tasks," : "")
                        + " do {actions:list}";
            default -> "";
        };
    }

    /** A template for {@link JsonCell#fill} with the success rate and the duration of successful runs. */
    static String expectation(JsonNode figures) {
        String share = SUCCEEDED + ", 95 % interval {success_rate_low:%} to {success_rate_high:%} %";
        return figures.path("duration_p50_ms").isNumber()
                ? share
                        + "; successes take {duration_p50_ms:ms}, most of them {duration_p10_ms:ms} to {duration_p90_ms:ms}"
                : share;
    }

    private static String errors(JsonNode figures) {
        if (figures.path("errors").asInt() > 1) {
            return "with {errors} different errors";
        }
        return figures.has("error") ? "with {error}" : "without an error";
    }
}
