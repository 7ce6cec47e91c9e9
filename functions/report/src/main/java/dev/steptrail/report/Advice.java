package dev.steptrail.report;

import dev.steptrail.store.JsonFields;
import dev.steptrail.store.TaskSummary.Suggestion;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a suggestion says, with its figures. One of a kind that this version does not know is told by its kind and its figures as they are. */
record Advice(Language language) {
    String of(Suggestion suggestion) {
        Map<String, String> figures = JsonFields.of(suggestion.figures());
        return switch (suggestion.kind()) {
            case "unknown_app" -> text(suggestion, JsonFields.text(value(figures, "app")));
            case "too_many_waits" -> text(suggestion, value(figures, "count"), value(figures, "steps"));
            case "repeated_touch", "take_over" -> text(suggestion, value(figures, "count"));
            case "slow_model" ->
                text(
                        suggestion,
                        value(figures, "count"),
                        value(figures, "steps"),
                        Shown.duration(number(value(figures, "mean_ms"))));
            case "shorter_path" ->
                text(suggestion, value(figures, "saved_steps"), JsonFields.text(value(figures, "task_id")));
            case "large_screenshots" -> text(suggestion, number(value(figures, "mean_bytes")) / 1000);
            default -> suggestion.kind() + " " + suggestion.figures();
        };
    }

    private static long number(String json) {
        return Long.parseLong(json);
    }

    /** The rules give each kind all of its figures. */
    private static String value(Map<String, String> figures, String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    private String text(Suggestion suggestion, @Nullable Object... values) {
        return language.text("advice." + suggestion.kind(), values);
    }
}
