package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What runs teach for people: under each task's text a line for each insight, with the newest run or step that shows it. */
final class InsightText {
    /** Of an error, in columns. */
    private static final int LONGEST = 200;

    private String task = "";

    boolean isEmpty() {
        return task.isEmpty();
    }

    /** The next lines; those of a task that the last ones were of have no head of their own. */
    List<String> lines(List<JsonNode> insights) {
        List<String> lines = new ArrayList<>();
        for (JsonNode insight : insights) {
            String its = asked(insight) + " (" + cell(insight, "owner") + ")";
            if (!its.equals(task)) {
                lines.add(its);
                task = its;
            }
            lines.add(line(insight));
        }
        return lines;
    }

    private static String asked(JsonNode insight) {
        return insight.path("task_text").asText().isEmpty() ? "(all tasks together)" : cell(insight, "task_text");
    }

    private static String line(JsonNode insight) {
        JsonNode shown = insight.path("steps").isEmpty() ? insight.path("runs") : insight.path("steps");
        String newest = shown.isEmpty() ? "" : "; see " + JsonCell.line(shown.path(0));
        return String.format(
                Locale.ROOT,
                "  %-18s  %s%s",
                cell(insight, "kind"),
                told(insight.path("kind").asText(), insight.path("figures")),
                newest);
    }

    private static String told(String kind, JsonNode figures) {
        return switch (kind) {
            case "expectation" -> expectation(figures);
            case "flaky" -> succeeded(figures) + ", early ones as late ones";
            case "regression" -> regression(figures);
            case "shorter_path" ->
                cell(figures, "shorter_runs") + " of " + cell(figures, "runs") + " successes took about "
                        + cell(figures, "steps") + " steps, " + cell(figures, "usual_steps") + " are usual";
            case "left_usual_path" -> ofFailures(figures) + " had left the path on which others succeed";
            case "slow_step" ->
                (figures.path("steps").asInt() == 1 ? "1 step" : cell(figures, "steps") + " steps")
                        + " took far longer than the same step mostly takes" + slowest(figures);
            case "failures_alike" ->
                ofFailures(figures) + " have the same last error, " + TextWidth.cut(cell(figures, "error"), LONGEST);
            case "failures_on_screen" ->
                ofFailures(figures) + " with screenshots ended on a screen that looks the same, " + errors(figures);
            case "frequent_sequence" -> sequence(figures);
            default -> TextWidth.cut(JsonCell.line(figures), LONGEST);
        };
    }

    /** Of how many runs how many succeeded, and how long these take. */
    static String expectation(JsonNode figures) {
        String share = succeeded(figures)
                + String.format(
                        Locale.ROOT,
                        ", 95 %% interval %.0f to %.0f %%",
                        100 * figures.path("success_rate_low").asDouble(),
                        100 * figures.path("success_rate_high").asDouble());
        return figures.path("duration_p50_ms").isNumber()
                ? share + "; successes take " + time(figures, "duration_p50_ms") + ", most of them "
                        + time(figures, "duration_p10_ms") + " to " + time(figures, "duration_p90_ms")
                : share;
    }

    private static String slowest(JsonNode figures) {
        return figures.has("action") && figures.has("duration_ms") && figures.has("usual_ms")
                ? ", most of all " + TextWidth.cut(cell(figures, "action"), LONGEST) + ": "
                        + time(figures, "duration_ms") + ", mostly " + time(figures, "usual_ms")
                : "";
    }

    private static String errors(JsonNode figures) {
        if (figures.path("errors").asInt() > 1) {
            return "with " + cell(figures, "errors") + " different errors";
        }
        return figures.has("error") ? "with " + TextWidth.cut(cell(figures, "error"), LONGEST) : "without an error";
    }

    private static String sequence(JsonNode figures) {
        List<String> actions = new ArrayList<>();
        figures.path("actions").forEach(action -> actions.add(JsonCell.line(action)));
        int texts = figures.path("task_texts").asInt();
        return cell(figures, "runs") + " of " + cell(figures, "of_runs") + " runs"
                + (texts > 1 ? ", of " + texts + " tasks," : "") + " do "
                + TextWidth.cut(String.join(", ", actions), LONGEST);
    }

    private static String regression(JsonNode figures) {
        boolean isSuccess = figures.path("what").asText().equals("success");
        return cell(figures, "dimension") + " " + side(figures, "from", "before", isSuccess) + ", "
                + side(figures, "to", "after", isSuccess);
    }

    /** Such as {@code glm-a: 90 % of 20 runs succeeded}. */
    private static String side(JsonNode figures, String name, String value, boolean isSuccess) {
        String runs = cell(figures, "runs_" + value);
        return cell(figures, name) + ": "
                + (isSuccess
                        ? percent(figures.path(value)) + " of " + runs + " runs succeeded"
                        : runs + " successes took " + time(figures, value));
    }

    private static String succeeded(JsonNode figures) {
        return cell(figures, "successes") + " of " + cell(figures, "runs") + " runs succeeded ("
                + percent(figures.path("success_rate")) + ")";
    }

    private static String ofFailures(JsonNode figures) {
        return cell(figures, "runs") + " of " + cell(figures, "failures") + " failed runs";
    }

    private static String percent(JsonNode share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share.asDouble());
    }

    private static String time(JsonNode figures, String field) {
        return ReportText.time(figures.path(field));
    }

    private static String cell(JsonNode object, String field) {
        return JsonCell.line(object.path(field));
    }
}
