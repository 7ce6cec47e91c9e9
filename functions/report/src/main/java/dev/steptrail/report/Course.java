package dev.steptrail.report;

import dev.steptrail.store.model.TaskSummary.Stretch;
import java.io.IOException;
import java.util.List;

/**
 * The course of a task at a glance: a bar for each stretch of it, in the colours that steps have.
 *
 * @param stretches at least one
 */
record Course(List<Stretch> stretches, Language language) {
    void write(Appendable out) throws IOException {
        out.append("<div class=\"course\">");
        for (Stretch stretch : stretches) {
            String kind = stretch.errors() > 0 ? "bad" : stretch.unknown() > 0 ? "unknown" : "good";
            String steps = stretch.steps() == 1
                    ? String.valueOf(stretch.firstStep())
                    : stretch.firstStep() + "–" + stretch.lastStep();
            out.append("<span class=\"").append(kind).append("\" title=\"");
            HtmlText.write(out, steps + (stretch.action() == null ? "" : " " + stretch.action()));
            out.append("\"> </span>");
        }
        out.append("</div>\n");
    }

    /** What a bar stands for, and what its colour means. */
    String legend() {
        Stretch first = stretches.get(0);
        String bar = first.steps() == 1 ? language.text("one_step") : language.text("some_steps", first.steps());
        return language.text(
                "timeline_told",
                bar,
                first.firstStep(),
                stretches.get(stretches.size() - 1).lastStep());
    }
}
