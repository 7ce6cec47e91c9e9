package dev.steptrail.report;

import dev.steptrail.store.model.TaskSummary.Finding;

/** What else is to be said of a finding, in a sentence; of a kind that this version does not know, its figures as they are. */
record Detail(Language language) {
    String of(Finding finding) {
        if (finding.detail() == null) {
            return "";
        }
        Figures figures = Figures.of(finding.detail());
        return switch (finding.kind()) {
            case "gap" ->
                figures.number("dropped_steps") == 0
                        ? text("gap", figures.number("total"))
                        : text("gap_dropped", figures.number("total"), figures.number("dropped_steps"));
            case "clock_backwards" -> text("clock_backwards", figures.number("total"), figures.duration("largest_ms"));
            case "loop" -> text("loop", action(figures), figures.number("count"), screen(figures)) + first(figures);
            case "no_progress" -> noProgress(figures) + first(figures);
            case "left_usual_path" -> text("left_usual_path", figures.text("others_do"));
            default -> finding.detail();
        };
    }

    /** Those that come again and again are counted where nothing was seen. */
    private String noProgress(Figures figures) {
        return figures.has("actions")
                ? text("cycle", figures.number("actions"), figures.number("count"), screen(figures))
                : text("no_progress", figures.number("count"), screen(figures));
    }

    /** Not all actions have a name. */
    private String action(Figures figures) {
        return figures.has("action") ? figures.text("action") : text("same_action");
    }

    private String screen(Figures figures) {
        return language.word("screen.", figures.text("screen"));
    }

    /** Nothing where the step has no action any more. */
    private String first(Figures figures) {
        return figures.has("first_action") ? text("first_action", figures.text("first_action")) : "";
    }

    private String text(String key, Object... values) {
        return language.text("detail." + key, values);
    }
}
