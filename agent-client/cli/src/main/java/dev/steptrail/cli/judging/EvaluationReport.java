package dev.steptrail.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.evaluate.Judgement;
import dev.steptrail.cli.judging.Evaluation.Header;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counts and prints the results of an evaluation: a line for each task and a summary or, with {@code --json}, one
 * object at the end. Failures are also printed to standard error. Not thread-safe.
 */
final class EvaluationReport {
    /** The minimum width of a reason, even if a narrow terminal then wraps the line. */
    private static final int MIN_REASON_WIDTH = 20;

    private final ApiCommand command;
    private final Header header;
    private final boolean stored;
    private final Map<Label, Integer> labels = new EnumMap<>(Label.class);
    private final ArrayNode judgements = ApiCommand.object().arrayNode();
    private final ArrayNode failures = ApiCommand.object().arrayNode();
    private int judged;
    private int alreadyJudged;
    private int running;
    private int archived;
    private int scores;
    private int compared;
    private int disagreements;

    /** @param stored whether the verdicts are stored */
    EvaluationReport(ApiCommand command, Header header, boolean stored) {
        this.command = command;
        this.header = header;
        this.stored = stored;
    }

    void addRunning() {
        running++;
    }

    void addArchived() {
        archived++;
    }

    void addAlreadyJudged() {
        alreadyJudged++;
    }

    void addJudged(JsonNode task, Judgement judgement) {
        count(judgement, task.path("claimed_success"));
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

    /** Counts a verdict. A verdict on success is compared with the agent's claim. */
    private void count(Judgement judgement, JsonNode claim) {
        judged++;
        if (judgement.value() instanceof Score) {
            scores++;
        } else if (judgement.value() instanceof Label label) {
            labels.merge(label, 1, Integer::sum);
            if (header.name().equals(Verdict.SUCCESS) && label != Label.UNCLEAR && claim.isBoolean()) {
                compared++;
                disagreements += claim.booleanValue() == (label == Label.PASS) ? 0 : 1;
            }
        }
    }

    void addFailure(String taskId, String reason) {
        failures.addObject().put("task_id", taskId).put("error", reason);
        command.printError(taskId + ": " + reason);
        showProgress();
    }

    void warn(String taskId, String warning) {
        command.printError(taskId + ": warning: " + warning);
    }

    private void showProgress() {
        Terminal.showLine("judged " + TextFormat.count(judged + failures.size(), "task"), command.err());
    }

    boolean hasFailures() {
        return !failures.isEmpty();
    }

    boolean hasResults() {
        return judged + alreadyJudged + failures.size() > 0;
    }

    void printSummary() {
        if (command.json()) {
            command.print(toJson().toPrettyString());
        } else {
            printText();
        }
    }

    private ObjectNode toJson() {
        ObjectNode summary = ApiCommand.object()
                .put("name", header.name())
                .put("evaluator", header.evaluator())
                .put("evaluator_version", header.version())
                .put("stored", stored)
                .put("judged", judged);
        for (Label label : Label.values()) {
            summary.put(label.wireName(), labels.getOrDefault(label, 0));
        }
        summary.put("scores", scores)
                .put("compared_with_claim", compared)
                .put("disagreements", disagreements)
                .put("already_judged", alreadyJudged)
                .put("failed", failures.size())
                .put("running", running)
                .put("archived", archived);
        summary.set("verdicts", judgements);
        summary.set("failures", failures);
        return summary;
    }

    private void printText() {
        List<String> parts = new ArrayList<>();
        for (Label label : Label.values()) {
            int count = labels.getOrDefault(label, 0);
            if (count > 0) {
                parts.add(count + " " + label.wireName());
            }
        }
        if (scores > 0) {
            parts.add(TextFormat.count(scores, "score"));
        }
        command.println("judged " + TextFormat.count(judged, "task")
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts))
                + (stored ? "" : " (not stored)")
                + "; already judged " + alreadyJudged
                + "; failed " + failures.size());
        if (running + archived > 0) {
            command.println("not judged: %d running, %d archived".formatted(running, archived));
        }
        if (compared > 0) {
            command.println(String.format(
                    Locale.ROOT, "%d of %d verdicts disagree with the agent's claim", disagreements, compared));
        }
    }
}
