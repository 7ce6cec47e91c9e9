package dev.steptrail.report;

import dev.steptrail.store.model.TaskSummary.Suggestion;

/** What a suggestion says, with its figures. One of a kind that this version does not know is told by its kind and its figures as they are. */
record Advice(Language language) {
    String of(Suggestion suggestion) {
        Figures figures = Figures.of(suggestion.figures());
        return switch (suggestion.kind()) {
            case "unknown_app" -> text(suggestion, figures.text("app"));
            case "too_many_waits" ->
                text(suggestion, figures.number("count"), figures.number("steps"), waited(figures));
            case "repeated_touch", "take_over" -> text(suggestion, figures.number("count"));
            case "slow_model" ->
                text(suggestion, figures.number("count"), figures.number("steps"), figures.duration("mean_ms"));
            case "shorter_path" -> text(suggestion, figures.number("saved_steps"), figures.text("task_id"));
            case "large_screenshots" -> text(suggestion, figures.number("mean_bytes") / 1000);
            default -> suggestion.kind() + " " + suggestion.figures();
        };
    }

    /** Nothing where no wait tells how long it took. */
    private String waited(Figures figures) {
        return figures.has("waited_ms") ? language.text("advice.waited", figures.duration("waited_ms")) : "";
    }

    private String text(Suggestion suggestion, Object... values) {
        return language.text("advice." + suggestion.kind(), values);
    }
}
