package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * A finding or a suggestion of a report for people: its kind, a sentence with its figures, and its steps. The figures of a kind that this version
 * does not know are told as they are.
 */
final class FoundText {
    private FoundText() {}

    static String finding(JsonNode finding) {
        JsonNode detail = finding.path("detail");
        String kind = finding.path("kind").asText();
        return withSteps(
                finding,
                switch (detail.isObject() ? kind : "") {
                    case "gap" -> gap(detail);
                    case "clock_backwards" ->
                        times(detail, "total") + ", by up to " + ReportText.time(detail.path("largest_ms"));
                    case "loop" ->
                        cell(detail, "action") + " " + times(detail, "count") + ", on " + screen(detail)
                                + first(detail);
                    case "no_progress" -> noProgress(detail);
                    case "left_usual_path" -> "others do " + cell(detail, "others_do");
                    default -> detail.isObject() ? JsonCell.line(detail) : "";
                });
    }

    static String suggestion(JsonNode suggestion) {
        JsonNode figures = suggestion.path("figures");
        return withSteps(
                suggestion,
                switch (suggestion.path("kind").asText()) {
                    case "unknown_app" ->
                        "the agent does not know the app " + cell(figures, "app") + " (" + times(figures, "count")
                                + "): add it to the agent's list of apps, or name it as the phone does";
                    case "too_many_waits" ->
                        ofSteps(figures) + " only wait" + waited(figures)
                                + ": have the agent wait once, for what it needs";
                    case "repeated_touch" ->
                        "one place was touched " + times(figures, "count") + ", on " + screen(figures)
                                + ": have the agent try another way after the second time" + first(figures);
                    case "take_over" ->
                        "a person was asked to take over " + times(figures, "count")
                                + ": give the agent what it lacks, such as a login, or leave that part out";
                    case "slow_model" ->
                        "the model took 10 s or longer in " + ofSteps(figures) + ", "
                                + ReportText.time(figures.path("mean_ms"))
                                + " on average: use a faster model or server, or smaller screenshots";
                    case "large_screenshots" ->
                        String.format(
                                Locale.ROOT,
                                "screenshots take %.0f kB on average: lower the shipper's quality",
                                figures.path("mean_bytes").asDouble() / 1000);
                    case "shorter_path" ->
                        "another run did this in " + cell(figures, "saved_steps") + " fewer steps, "
                                + cell(figures, "task_id") + ": tell the agent that way";
                    default -> figures.isEmpty() ? "" : JsonCell.line(figures);
                });
    }

    /** They come last: of many of them the end is cut. */
    private static String withSteps(JsonNode found, String told) {
        String steps = (found.path("steps").size() == 1 ? "step " : "steps ") + cell(found, "steps");
        return cell(found, "kind") + ": " + (told.isEmpty() ? steps : told + "; " + steps);
    }

    private static String gap(JsonNode detail) {
        String missing = cell(detail, "total") + " missing";
        return detail.path("dropped_steps").asLong() > 0
                ? missing + ", where the recorder says that it dropped " + cell(detail, "dropped_steps")
                : missing;
    }

    private static String noProgress(JsonNode detail) {
        return detail.has("actions")
                ? "the same " + cell(detail, "actions") + " actions again and again, in " + cell(detail, "count")
                        + " steps, on " + screen(detail) + first(detail)
                : cell(detail, "count") + " steps in a row, on " + screen(detail) + first(detail);
    }

    private static String screen(JsonNode figures) {
        return switch (figures.path("screen").asText()) {
            case "unchanged" -> "a screen that looks the same";
            case "unknown" -> "a screen that is not known";
            default -> "screen " + cell(figures, "screen");
        };
    }

    private static String first(JsonNode figures) {
        return figures.has("first_action") ? "; first " + cell(figures, "first_action") : "";
    }

    private static String waited(JsonNode figures) {
        return figures.has("waited_ms") ? ", " + ReportText.time(figures.path("waited_ms")) + " together" : "";
    }

    private static String ofSteps(JsonNode figures) {
        return cell(figures, "count") + " of " + cell(figures, "steps") + " steps";
    }

    private static String times(JsonNode figures, String field) {
        return cell(figures, field) + (figures.path(field).asLong() == 1 ? " time" : " times");
    }

    private static String cell(JsonNode object, String field) {
        return JsonCell.line(object.path(field));
    }
}
