package dev.steptrail.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.evaluate.Judgement;
import dev.steptrail.cli.judging.Evaluation.Counts;
import dev.steptrail.cli.judging.Evaluation.Header;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints the results of an evaluation: a line for each task and a summary or, with {@code --json}, one object at the end.
 * Receives one result at a time. Failures are also printed to standard error.
 */
final class EvaluationPrinter {
    /** The minimum width of a reason, even if a narrow terminal then wraps the line. */
    private static final int MIN_REASON_WIDTH = 20;

    private final ApiCommand command;
    private final boolean stored;
    private final ArrayNode judgements = ApiCommand.object().arrayNode();
    private final ArrayNode failures = ApiCommand.object().arrayNode();
    private int tasks;

    /** @param stored whether the verdicts are stored */
    EvaluationPrinter(ApiCommand command, boolean stored) {
        this.command = command;
        this.stored = stored;
    }

    void judged(JsonNode task, Judgement judgement) {
        String id = task.path("task_id").asText();
        if (command.json()) {
            ObjectNode row = judgements.addObject().put("task_id", id);
            row.set("claimed_success", task.path("claimed_success"));
            Evaluation.toJson(row, judgement);
        } else {
            String line = "%-7s  %s  ".formatted(judgement.valueText(), id);
            String reason = judgement.reason() == null
                    ? "-"
                    : judgement.reason().strip().replaceAll("\\s+", " ");
            command.println(
                    line + Terminal.truncate(reason, Math.max(MIN_REASON_WIDTH, Terminal.columns() - line.length())));
        }
        showProgress();
    }

    void failed(String taskId, String reason) {
        failures.addObject().put("task_id", taskId).put("error", reason);
        command.printError(taskId + ": " + reason);
        showProgress();
    }

    void warned(String taskId, String warning) {
        command.printError(taskId + ": warning: " + warning);
    }

    private void showProgress() {
        tasks++;
        Terminal.showLine("judged " + TextFormat.count(tasks, "task"), command.err());
    }

    void printSummary(Header header, Counts counts) {
        if (command.json()) {
            command.print(toJson(header, counts).toPrettyString());
        } else {
            printText(counts);
        }
    }

    private ObjectNode toJson(Header header, Counts counts) {
        ObjectNode summary = ApiCommand.object()
                .put("name", header.name())
                .put("evaluator", header.evaluator())
                .put("evaluator_version", header.version())
                .put("stored", stored)
                .put("judged", counts.judged);
        for (Label label : Label.values()) {
            summary.put(label.wireName(), counts.labels.getOrDefault(label, 0));
        }
        summary.put("scores", counts.scores)
                .put("compared_with_claim", counts.compared)
                .put("disagreements", counts.disagreements)
                .put("already_judged", counts.alreadyJudged)
                .put("failed", counts.failed)
                .put("running", counts.running)
                .put("archived", counts.archived);
        summary.set("verdicts", judgements);
        summary.set("failures", failures);
        return summary;
    }

    private void printText(Counts counts) {
        List<String> parts = new ArrayList<>();
        for (Label label : Label.values()) {
            int count = counts.labels.getOrDefault(label, 0);
            if (count > 0) {
                parts.add(count + " " + label.wireName());
            }
        }
        if (counts.scores > 0) {
            parts.add(TextFormat.count(counts.scores, "score"));
        }
        command.println("judged " + TextFormat.count(counts.judged, "task")
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts))
                + (stored ? "" : " (not stored)")
                + "; already judged " + counts.alreadyJudged
                + "; failed " + counts.failed);
        if (counts.running + counts.archived > 0) {
            command.println("not judged: %d running, %d archived".formatted(counts.running, counts.archived));
        }
        if (counts.compared > 0) {
            command.println(String.format(
                    Locale.ROOT,
                    "%d of %d verdicts disagree with the agent's claim",
                    counts.disagreements,
                    counts.compared));
        }
    }
}
