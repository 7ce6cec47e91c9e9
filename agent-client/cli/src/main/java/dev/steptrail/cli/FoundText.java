package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Formats a finding or a suggestion of a report for people: its kind, a sentence with its figures, and its steps. The figures of
 * kinds that this version does not know are shown as JSON.
 */
final class FoundText {
    private FoundText() {}

    static String finding(JsonNode finding) {
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

    static String suggestion(JsonNode suggestion) {
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
                        "another run did this in {saved_steps} fewer steps, {task_id}: tell the agent that way";
                    default -> "";
                };
        return withSteps(suggestion, template, figures);
    }

    /** The steps come last, since long lines are cut at their end. */
    private static String withSteps(JsonNode found, String template, JsonNode figures) {
        boolean known = !template.isEmpty() && figures.isObject();
        String sentence = known
                ? JsonCell.fill(template, figures, Integer.MAX_VALUE)
                : figures.isEmpty() ? "" : JsonCell.line(figures);
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
