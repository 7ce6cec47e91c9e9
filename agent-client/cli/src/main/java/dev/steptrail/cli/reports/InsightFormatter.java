package dev.steptrail.cli.reports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats each insight as one line with its newest task or step, below a heading with the instruction. */
final class InsightFormatter {
    /** The maximum width of a value, such as an error, in columns. */
    private static final int MAX_VALUE_WIDTH = 200;

    private static final String SUCCEEDED = "{successes} of {tasks:task} succeeded ({success_rate:%} %)";
    private static final String OF_FAILURES = "{tasks} of {failures:failed task}";

    private String lastHeading = "";

    boolean isEmpty() {
        return lastHeading.isEmpty();
    }

    /** Formats the next page. The last heading of the previous page is not repeated. */
    List<String> lines(List<JsonNode> insights) {
        List<String> lines = new ArrayList<>();
        for (JsonNode insight : insights) {
            String instruction = insight.path("instruction").asText().isEmpty()
                    ? "(all instructions)"
                    : TextFormat.line(insight.path("instruction"));
            String heading = instruction + " (" + TextFormat.line(insight.path("owner")) + ")";
            if (!heading.equals(lastHeading)) {
                lines.add(heading);
                lastHeading = heading;
            }
            lines.add(line(insight));
        }
        return lines;
    }

    private static String line(JsonNode insight) {
        JsonNode evidence = insight.path("steps").isEmpty() ? insight.path("tasks") : insight.path("steps");
        String newest = evidence.isEmpty() ? "" : "; see " + TextFormat.line(evidence.path(0));
        JsonNode figures = insight.path("figures");
        String template = template(insight.path("kind").asText(), figures);
        String text = template.isEmpty()
                ? Terminal.truncate(TextFormat.line(figures), MAX_VALUE_WIDTH)
                : TextFormat.fill(template, figures, MAX_VALUE_WIDTH);
        return String.format(Locale.ROOT, "  %-18s  %s%s", TextFormat.line(insight.path("kind")), text, newest);
    }

    /** Returns the template for a kind; empty for an unknown kind, whose figures are printed as JSON. */
    private static String template(String kind, JsonNode figures) {
        return switch (kind) {
            case "expectation" -> expectation(figures);
            case "flaky" -> SUCCEEDED + ", with no trend over time";
            case "regression" ->
                figures.path("what").asText().equals("success")
                        ? "the success rate fell from {before:%} % ({dimension} {from}, {tasks_before:task})"
                                + " to {after:%} % ({dimension} {to}, {tasks_after:task})"
                        : "successful tasks took {before:ms} ({dimension} {from}, {tasks_before:task})"
                                + " and then {after:ms} ({dimension} {to}, {tasks_after:task})";
            case "false_success" ->
                "{false_successes} of {tasks:judged task} whose agent claims success have the verdict fail ({share:%} %)";
            case "shorter_path" ->
                "{shorter_tasks} of {tasks:successful task} took about {steps:step} instead of the usual {usual_steps}";
            case "path_deviation" -> OF_FAILURES + " left the path that successful tasks take";
            case "slow_step" ->
                "{steps:step} took much longer than usual"
                        + (figures.has("action") && figures.has("duration_ms") && figures.has("usual_ms")
                                ? ", the slowest {action}: {duration_ms:ms} instead of {usual_ms:ms}"
                                : "");
            case "similar_failures" -> OF_FAILURES + " have the same last error: {error}";
            case "failures_on_screen" -> OF_FAILURES + " with screenshots ended on the same screen, " + errors(figures);
            case "frequent_sequence" ->
                "{tasks} of {of_tasks:task}"
                        + (figures.path("instructions").asInt() > 1 ? " of {instructions:instruction}" : "")
                        + " contain the sequence {actions:list}";
            default -> "";
        };
    }

    /**
     * Returns a template for {@link TextFormat#fill} with the success rate, the claims of agents if there are verdicts,
     * and the duration of successful tasks.
     */
    private static String expectation(JsonNode figures) {
        String rate = SUCCEEDED + ", 95 % interval {success_rate_low:%} to {success_rate_high:%} %";
        String claims = figures.has("verified")
                ? "; agents claim success of {claimed_successes}, {disagreements} of {verified:verdict} disagree"
                : "";
        return figures.path("duration_p50_ms").isNumber()
                ? rate
                        + claims
                        + "; successful tasks take {duration_p50_ms:ms} (median),"
                        + " {duration_p10_ms:ms} to {duration_p90_ms:ms} (80 %)"
                : rate + claims;
    }

    private static String errors(JsonNode figures) {
        if (figures.path("errors").asInt() > 1) {
            return "with {errors} different errors";
        }
        return figures.has("error") ? "with the error {error}" : "without an error";
    }
}
