package dev.steptrail.report;

import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sections of a report before its steps. Empty sections are omitted. */
final class ReportSections {
    /** The maximum number of rows of a table. The JSON report contains all. */
    private static final int MAX_ROWS = 100;

    private final Task task;
    private final TaskSummary summary;
    private final Language language;
    private final List<Section> sections = new ArrayList<>();

    /**
     * A section of a report: a table with a title.
     *
     * @param columns the column headings; empty if each row is a name and its value
     * @param ofSteps whether each row starts with a step number
     */
    record Section(String title, List<String> columns, List<List<String>> rows, boolean ofSteps) {}

    private ReportSections(Task task, TaskSummary summary, Language language) {
        this.task = task;
        this.summary = summary;
        this.language = language;
    }

    static List<Section> of(Task task, TaskSummary summary, Language language) {
        ReportSections report = new ReportSections(task, summary, language);
        report.facts();
        report.expectation();
        report.times();
        report.counts();
        report.errors();
        report.losses();
        report.insights();
        return report.sections;
    }

    private void facts() {
        List<List<String>> rows = new ArrayList<>();
        fact(rows, "task_id", task.taskId());
        fact(rows, "description", task.description());
        fact(rows, "status", word("status.", task.status()));
        fact(rows, "ending", word("ending.", ending()));
        fact(rows, "message", task.message());
        fact(rows, "steps", text("steps_counts", task.totalSteps(), task.successfulSteps(), task.failedSteps()));
        fact(rows, "success_rate", DisplayText.percent(task.successRate()));
        fact(rows, "started", DisplayText.time(task.startedAt()));
        fact(rows, task.endedAt() == null ? "last_step" : "ended", DisplayText.time(task.lastAt()));
        fact(rows, "elapsed", DisplayText.duration(task.elapsedMs()));
        fact(rows, "owner", task.owner());
        fact(rows, "agent", task.agent());
        fact(rows, "model", task.model());
        fact(rows, "device", task.deviceId());
        fact(rows, "continues", task.continues());
        if (task.droppedSteps() + task.droppedScreenshots() > 0) {
            fact(rows, "dropped", text("dropped_counts", task.droppedSteps(), task.droppedScreenshots()));
        }
        fact(rows, "conflicts", task.conflicts() == 0 ? null : task.conflicts());
        sections.add(new Section(text("task"), List.of(), rows, false));
    }

    /** Returns the ending. A failure with a message but without {@code finish} has a separate ending. */
    private @Nullable String ending() {
        boolean gaveReason = "ended_without_finish".equals(task.ending()) && task.message() != null;
        return gaveReason ? "failed_with_message" : task.ending();
    }

    private void fact(List<List<String>> rows, String key, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            rows.add(List.of(text(key), value.toString()));
        }
    }

    /** Adds the results of the owner's tasks with the same instruction, including this task once it has ended. */
    private void expectation() {
        if (summary.expectation() == null) {
            return;
        }
        Figures figures = Figures.of(summary.expectation());
        List<List<String>> rows = new ArrayList<>();
        fact(rows, "runs_before", figures.number("runs"));
        String success = figures.percent("success_rate");
        fact(
                rows,
                "success_expected",
                text("between", success, figures.percent("success_rate_low"), figures.percent("success_rate_high")));
        if (figures.has("duration_p50_ms")) {
            String duration = figures.duration("duration_p50_ms");
            fact(
                    rows,
                    "duration_expected",
                    text(
                            "between",
                            duration,
                            figures.duration("duration_p10_ms"),
                            figures.duration("duration_p90_ms")));
        }
        sections.add(new Section(text("expected"), List.of(), rows, false));
    }

    private void times() {
        List<List<?>> rows = new ArrayList<>();
        time(rows, "of_steps", summary.durations());
        time(rows, "of_intervals", summary.intervals());
        time(rows, "of_gaps", summary.gaps());
        time(rows, "of_model", summary.modelTimes());
        add("times", List.of("", "total", "mean", "p50", "p95", "longest"), rows, row -> row);
    }

    private void time(List<List<?>> rows, String key, Durations durations) {
        if (durations.total() != null) {
            rows.add(List.of(
                    text(key),
                    DisplayText.duration(durations.total()),
                    DisplayText.duration(durations.mean()),
                    DisplayText.duration(durations.p50()),
                    DisplayText.duration(durations.p95()),
                    DisplayText.duration(durations.longest())));
        }
    }

    private void counts() {
        add(
                "by_type",
                List.of("type", "count"),
                List.copyOf(summary.byType().entrySet()),
                count -> List.of(language.word("type.", count.getKey()), count.getValue()));
        add(
                "by_action",
                List.of("action", "count"),
                List.copyOf(summary.byAction().entrySet()),
                count -> List.of(count.getKey(), count.getValue()));
    }

    private void errors() {
        add(
                "causes",
                List.of("cause", "count", "first", "last"),
                summary.causes(),
                cause -> List.of(
                        cause.cause() == null ? text("no_cause") : cause.cause(),
                        cause.count(),
                        cause.firstStep(),
                        cause.lastStep()));
        add(
                "screenshots",
                List.of("step", "role", "why"),
                summary.keyScreenshots(),
                picture -> List.of(
                        picture.stepNumber(), language.word("role.", picture.role()), text("why." + picture.why())));
    }

    private void losses() {
        add("missing", List.of("from", "to"), summary.missing(), range -> List.of(range.first(), range.last()));
        List<List<?>> dropped = new ArrayList<>();
        Map<String, String> losses = JsonFields.of(task.losses());
        dropped(dropped, "steps", losses.get("dropped_steps"));
        dropped(dropped, "pictures", losses.get("dropped_screenshots"));
        add("dropped", List.of("what", "reason", "count"), dropped, row -> row);
        add(
                "lost",
                List.of("step", "role", "reason", "count"),
                summary.lostScreenshots().listed(),
                lost -> List.of(
                        lost.stepNumber(),
                        lost.role() == null ? "" : language.word("role.", lost.role()),
                        Objects.requireNonNullElse(lost.reason(), ""),
                        lost.count()));
    }

    /** @param counts JSON, by reason */
    private void dropped(List<List<?>> rows, String what, @Nullable String counts) {
        JsonFields.of(counts).forEach((reason, count) -> rows.add(List.of(text(what), reason, count)));
    }

    private void insights() {
        InsightText insight = new InsightText(language);
        add(
                "findings",
                List.of("finding", "steps", "detail"),
                summary.findings(),
                finding -> List.of(
                        language.word("finding.", finding.kind()), listed(finding.steps()), insight.of(finding)));
        add(
                "suggestions",
                List.of("suggestion", "steps"),
                summary.suggestions(),
                suggestion -> List.of(insight.of(suggestion), listed(suggestion.steps())));
    }

    private static String listed(List<Integer> steps) {
        return steps.stream().limit(MAX_ROWS).map(String::valueOf).collect(Collectors.joining(", "));
    }

    private <T> void add(String title, List<String> columns, List<T> items, Function<T, List<?>> row) {
        if (items.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        items.stream()
                .limit(MAX_ROWS)
                .forEach(item ->
                        rows.add(row.apply(item).stream().map(String::valueOf).toList()));
        if (items.size() > MAX_ROWS) {
            List<String> more = new ArrayList<>(Collections.nCopies(columns.size(), ""));
            more.set(0, text("more_rows", items.size() - MAX_ROWS));
            rows.add(more);
        }
        List<String> heads = columns.stream()
                .map(column -> column.isEmpty() ? "" : text(column))
                .toList();
        sections.add(new Section(text(title), heads, rows, columns.get(0).equals("step")));
    }

    /** Translates a word of the database, which later versions may extend. */
    private @Nullable String word(String kind, @Nullable String word) {
        return word == null ? null : language.word(kind, word);
    }

    private String text(String key, Object... values) {
        return language.text(key, values);
    }
}
