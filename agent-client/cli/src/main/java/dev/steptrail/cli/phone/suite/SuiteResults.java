package dev.steptrail.cli.phone.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.junit.JunitReport;
import dev.steptrail.cli.junit.JunitReport.TestCase;
import dev.steptrail.cli.phone.suite.SuiteJournal.Entry;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.phone.suite.TaskResult.Problem;
import dev.steptrail.cli.terminal.Table;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results of a suite: of all its tasks, also of those that ended before an interruption. */
final class SuiteResults {
    private static final String NOT_RUN = "not_run";

    private final String experiment;
    private final Map<TaskKey, @Nullable TaskResult> results = new LinkedHashMap<>();

    /**
     * @param keys the tasks of the suite
     * @param ended those that have ended
     */
    SuiteResults(String experiment, List<TaskKey> keys, Map<TaskKey, Entry> ended) {
        this.experiment = experiment;
        for (TaskKey key : keys) {
            Entry entry = ended.get(key);
            results.put(key, entry == null ? null : entry.result());
        }
    }

    boolean allPassed() {
        return count(Label.PASS) == results.size();
    }

    private long count(@Nullable Label label) {
        return results.values().stream()
                .filter(result -> (result == null ? null : result.counts()) == label)
                .count();
    }

    /** Returns a table of the cases, and a summary. */
    List<String> toText(ZoneId zone) {
        List<String> lines = new ArrayList<>(new Table(zone)
                .fields("case", "pass", "fail", "unclear", NOT_RUN, "mean_steps", "mean_seconds")
                .lines(cases()));
        lines.add("%s: %d of %d passed, %d failed, %d unclear"
                .formatted(experiment, count(Label.PASS), results.size(), count(Label.FAIL), count(Label.UNCLEAR)));
        addReasons(
                lines,
                TaskResult::isInfrastructureError,
                "ended by the phone or the model's server (run again by --retry-errors):");
        addReasons(lines, result -> result.problem() == Problem.NOT_PREPARED, "not started (run by --retry-errors):");
        addReasons(
                lines,
                result -> result.problem() == Problem.NOT_JUDGED,
                "not judged (judged again by --retry-errors or, if delivered, by steptrail evaluate --rejudge):");
        addReasons(
                lines,
                result -> result.problem() == Problem.JUDGING_INTERRUPTED,
                "not judged yet (judged by the same command):");
        if (count(null) > 0) {
            lines.add(beginSentence(count(null)) + "not run; the same command continues");
        }
        return lines;
    }

    /** Adds how many tasks are in a state, and a line for each of the reasons. */
    private void addReasons(List<String> lines, Predicate<TaskResult> state, String description) {
        Map<String, Long> reasons = results.values().stream()
                .filter(result -> result != null && state.test(result))
                .collect(Collectors.groupingBy(
                        result -> String.valueOf(result.reason())
                                .replaceFirst("^" + SuiteTask.NOT_JUDGED + "(" + SuiteTask.NOT_STARTED + ")?", ""),
                        LinkedHashMap::new,
                        Collectors.counting()));
        if (!reasons.isEmpty()) {
            long tasks = reasons.values().stream().mapToLong(count -> count).sum();
            lines.add(beginSentence(tasks) + description);
            reasons.forEach((reason, count) -> lines.add("  " + TextFormat.count(count, "task") + ": " + reason));
        }
    }

    /** Returns the beginning of a sentence, such as {@code 1 of 4 tasks was }. */
    private String beginSentence(long tasks) {
        return tasks + " of " + TextFormat.count(results.size(), "task") + (tasks == 1 ? " was " : " were ");
    }

    private List<JsonNode> cases() {
        Map<String, SuiteResults> byCase = new LinkedHashMap<>();
        results.forEach((key, result) -> byCase.computeIfAbsent(
                        key.caseId(), id -> new SuiteResults(experiment, List.of(), Map.of()))
                .results
                .put(key, result));
        List<JsonNode> rows = new ArrayList<>();
        byCase.forEach((id, one) -> {
            List<TaskResult> ended =
                    one.results.values().stream().filter(Objects::nonNull).toList();
            ObjectNode row = SteptrailCommand.object()
                    .put("case", id)
                    .put("pass", one.count(Label.PASS))
                    .put("fail", one.count(Label.FAIL))
                    .put("unclear", one.count(Label.UNCLEAR))
                    .put("not_run", one.count(null));
            if (!ended.isEmpty()) {
                double steps =
                        ended.stream().mapToInt(TaskResult::steps).average().orElse(0);
                double seconds = ended.stream()
                                .mapToLong(result -> result.duration().toMillis())
                                .average()
                                .orElse(0)
                        / 1000;
                row.put("mean_steps", String.format(Locale.ROOT, "%.1f", steps))
                        .put("mean_seconds", String.format(Locale.ROOT, "%.1f", seconds));
            }
            rows.add(row);
        });
        return rows;
    }

    /** @param urls returns the address of a task in the viewer; null if it is not known */
    ObjectNode toJson(Function<UUID, @Nullable String> urls) {
        ObjectNode object = SteptrailCommand.object()
                .put("experiment", experiment)
                .put("total", results.size())
                .put("pass", count(Label.PASS))
                .put("fail", count(Label.FAIL))
                .put("unclear", count(Label.UNCLEAR))
                .put(NOT_RUN, count(null));
        ArrayNode tasks = object.putArray("tasks");
        results.forEach((key, result) -> {
            ObjectNode task = tasks.addObject().put("case", key.caseId()).put("repeat", key.repeat());
            if (result == null) {
                task.put("device", key.device()).put("counts", NOT_RUN);
                return;
            }
            task.put("device", result.device())
                    .put("counts", result.counts().wireName())
                    .put("task_id", result.task().toString())
                    .put("url", urls.apply(result.task()))
                    .put("outcome", result.outcomeName())
                    .put("reason", result.reason())
                    .put("message", result.message())
                    .put("steps", result.steps())
                    .put("duration_ms", result.duration().toMillis());
        });
        return object;
    }

    /**
     * Returns the results as JUnit XML, with a test for each task. A task that failed is a failure. One without an
     * outcome is an error. The file contains a failure or an error exactly if not all tasks passed.
     */
    byte[] toJunit() {
        List<TestCase> tests = new ArrayList<>();
        results.forEach((key, result) -> {
            String name = "repeat " + key.repeat() + (key.device() == null ? "" : " on " + key.device());
            if (result == null) {
                tests.add(new TestCase(key.caseId(), name, 0, "error", NOT_RUN, "the task was not run"));
                return;
            }
            String element =
                    switch (result.counts()) {
                        case PASS -> null;
                        case FAIL -> "failure";
                        case UNCLEAR -> "error";
                    };
            boolean isByEvaluator = result.verdict() != null && !result.isError();
            String type = isByEvaluator ? "evaluator" : result.outcomeName();
            String reason = result.reason() == null ? String.valueOf(result.message()) : result.reason();
            tests.add(new TestCase(
                    key.caseId(),
                    name,
                    result.duration().toMillis() / 1000.0,
                    element,
                    type,
                    "%s: %s (task %s on %s)"
                            .formatted(result.counts().wireName(), reason, result.task(), result.device())));
        });
        return JunitReport.of(experiment, tests);
    }
}
