package dev.steptrail.report;

import dev.steptrail.store.model.TaskSummary.Finding;
import dev.steptrail.store.model.TaskSummary.Suggestion;

/** Describes findings and suggestions in the report's language. For unknown kinds, returns the figures as JSON. */
record InsightText(Language language) {
    /** Returns the details of a finding; empty if it has none. */
    String describe(Finding finding) {
        if (finding.detail() == null) {
            return "";
        }
        FindingValues figures = FindingValues.parse(finding.detail());
        return switch (finding.kind()) {
            case "gap" ->
                figures.number("dropped_steps") == 0
                        ? detail("gap", figures.number("total"))
                        : detail("gap_dropped", figures.number("total"), figures.number("dropped_steps"));
            case "clock_backwards" ->
                detail("clock_backwards", figures.number("total"), figures.duration("largest_ms"));
            case "loop" ->
                detail("loop", action(figures), figures.number("count"), screen(figures)) + firstAction(figures);
            case "no_progress" -> noProgress(figures) + firstAction(figures);
            case "path_deviation" -> detail("path_deviation", figures.text("usual_action"));
            default -> finding.detail();
        };
    }

    /** The figure {@code actions} is present only if the screen is unknown and the actions form a cycle. */
    private String noProgress(FindingValues figures) {
        return figures.has("actions")
                ? detail("cycle", figures.number("actions"), figures.number("count"), screen(figures))
                : detail("no_progress", figures.number("count"), screen(figures));
    }

    /** Returns the action's name, or a generic text if it has none. */
    private String action(FindingValues figures) {
        return figures.has("action") ? figures.text("action") : detail("same_action");
    }

    private String screen(FindingValues figures) {
        return language.translate("screen.", figures.text("screen"));
    }

    /** Returns the first action; empty if the figure is missing. */
    private String firstAction(FindingValues figures) {
        return figures.has("first_action") ? detail("first_action", figures.text("first_action")) : "";
    }

    private String detail(String key, Object... values) {
        return language.text("detail." + key, values);
    }

    String describe(Suggestion suggestion) {
        FindingValues figures = FindingValues.parse(suggestion.figures());
        return switch (suggestion.kind()) {
            case "unknown_app" -> advice(suggestion, figures.text("app"));
            case "too_many_waits" ->
                advice(suggestion, figures.number("count"), figures.number("steps"), waited(figures));
            case "repeated_touch", "take_over" -> advice(suggestion, figures.number("count"));
            case "slow_model" ->
                advice(suggestion, figures.number("count"), figures.number("steps"), figures.duration("mean_ms"));
            case "shorter_path" -> advice(suggestion, figures.number("saved_steps"), figures.text("task_id"));
            case "large_screenshots" -> advice(suggestion, figures.number("mean_bytes") / 1000);
            default -> suggestion.kind() + " " + suggestion.figures();
        };
    }

    /** Returns the waiting time; empty if no wait has a duration. */
    private String waited(FindingValues figures) {
        return figures.has("waited_ms") ? language.text("advice.waited", figures.duration("waited_ms")) : "";
    }

    private String advice(Suggestion suggestion, Object... values) {
        return language.text("advice." + suggestion.kind(), values);
    }
}
