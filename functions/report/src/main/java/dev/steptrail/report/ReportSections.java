package dev.steptrail.report;

import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.usage.Cost;
import dev.steptrail.store.usage.TaskUsage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds the sections of a report that precede its steps. Empty sections are omitted. */
final class ReportSections {
    /** The maximum number of rows of a table. The JSON report contains all rows. */
    private static final int MAX_ROWS = 100;

    private final Task task;
    private final TaskSummary summary;
    private final TaskJudgements judgements;
    private final @Nullable TaskUsage usage;
    private final Language language;
    private final List<Section> sections = new ArrayList<>();

    /**
     * A section of a report: a table with a title.
     *
     * @param columns the column headings; empty if each row is a name and its value
     * @param hasStepNumbers whether each row starts with a step number
     */
    record Section(String title, List<String> columns, List<List<String>> rows, boolean hasStepNumbers) {}

    private ReportSections(ReportContent content, Language language) {
        this.task = content.task();
        this.summary = content.summary();
        this.judgements = content.judgements();
        this.usage = content.usage();
        this.language = language;
    }

    static List<Section> build(ReportContent content, Language language) {
        ReportSections report = new ReportSections(content, language);
        report.addFacts();
        report.addJudgements();
        report.addExpectation();
        report.addDurations();
        report.addCounts();
        report.addErrors();
        report.addLosses();
        report.addInsights();
        return report.sections;
    }

    private void addFacts() {
        List<List<String>> rows = new ArrayList<>();
        addFact(rows, "task_id", task.taskId());
        addFact(rows, "description", task.description());
        addFact(rows, "status", translate("status.", task.status()));
        addFact(rows, "end_reason", translate("end_reason.", endReason()));
        addFact(rows, "message", task.message());
        addFact(rows, "claim", outcome(task.claimedSuccess()));
        addFact(rows, "verdict", verdict());
        addFact(rows, "tags", String.join(", ", task.tags()));
        addFact(rows, "steps", text("steps_counts", task.totalSteps(), task.successfulSteps(), task.failedSteps()));
        if (summary.truncated()) {
            addFact(rows, "summarised", text("summarised_steps", summary.summarisedSteps(), task.totalSteps()));
        }
        addFact(rows, "step_success_rate", DisplayText.percent(task.stepSuccessRate()));
        addFact(rows, "started", DisplayText.time(task.startedAt()));
        addFact(rows, task.endedAt() == null ? "last_step" : "ended", DisplayText.time(task.lastAt()));
        addFact(rows, "elapsed", DisplayText.duration(task.elapsedMs()));
        addUsage(rows);
        addFact(rows, "owner", task.owner());
        addFact(rows, "agent", task.agent());
        addFact(rows, "model", task.model());
        addFact(rows, "device", task.deviceId());
        addFact(rows, "previous_task_id", task.previousTaskId());
        addFact(rows, "experiment", task.experiment());
        addFact(rows, "case", task.caseId());
        addFact(rows, "repeat", task.repeat());
        addFact(rows, "attributes", attributes());
        if (task.droppedSteps() + task.droppedScreenshots() > 0) {
            addFact(rows, "dropped", text("dropped_counts", task.droppedSteps(), task.droppedScreenshots()));
        }
        addFact(rows, "conflicting_steps", task.conflictingSteps() == 0 ? null : task.conflictingSteps());
        sections.add(new Section(text("task"), List.of(), rows, false));
    }

    /** Returns the end reason, or another key if the task ended without {@code finish} but with a message. */
    private @Nullable String endReason() {
        boolean hasMessage = "ended_without_finish".equals(task.endReason()) && task.message() != null;
        return hasMessage ? "failed_with_message" : task.endReason();
    }

    private void addFact(List<List<String>> rows, String key, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            rows.add(List.of(text(key), value.toString()));
        }
    }

    private @Nullable String outcome(@Nullable Boolean success) {
        return success == null ? null : text(success ? "outcome.succeeded" : "outcome.failed");
    }

    /** Returns the verdict that counts, its source, and whether it contradicts the claim. */
    private @Nullable String verdict() {
        if (task.verdict() == null) {
            return null;
        }
        String verdict = text(
                "value_with_source",
                language.translate("verdict.", task.verdict()),
                language.translate("source.", String.valueOf(task.verdictSource())));
        return Boolean.TRUE.equals(task.disagreement()) ? text("contradicts_claim", verdict) : verdict;
    }

    private String attributes() {
        return JsonColumn.fields(task.attributes()).entrySet().stream()
                .map(field -> field.getKey() + "=" + JsonColumn.text(field.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void addUsage(List<List<String>> rows) {
        if (usage == null) {
            return;
        }
        addFact(rows, "tokens", text("token_counts", usage.inputTokens(), usage.cachedTokens(), usage.outputTokens()));
        Cost cost = usage.cost();
        List<String> amounts = new ArrayList<>();
        cost.amounts().forEach((currency, amount) -> amounts.add(currency + " " + amount.toPlainString()));
        if (cost.unpricedTokens() > 0) {
            amounts.add(text("unpriced_tokens", cost.unpricedTokens()));
        }
        addFact(rows, "cost", String.join(" + ", amounts));
    }

    /** Adds the judgements without their authors. */
    private void addJudgements() {
        addTable(
                "verdicts",
                List.of("name", "value", "by", "reason", "time"),
                judgements.verdicts().items(),
                judgements.verdicts().total(),
                verdict -> List.of(
                        verdict.name(),
                        verdict.value() == null
                                ? BigDecimal.valueOf(Objects.requireNonNull(verdict.score()))
                                        .stripTrailingZeros()
                                        .toPlainString()
                                : language.translate("verdict.", verdict.value()),
                        judge(verdict),
                        Objects.requireNonNullElse(verdict.reason(), ""),
                        DisplayText.time(verdict.judgedAt())));
        addTable(
                "labels",
                List.of("step", "label"),
                judgements.labels().items(),
                judgements.labels().total(),
                label -> List.of(label.stepNumber(), label.label()));
        addTable(
                "notes",
                List.of("step", "note", "time"),
                judgements.notes().items(),
                judgements.notes().total(),
                note -> List.of(
                        note.stepNumber() == null ? "" : note.stepNumber(),
                        note.text(),
                        DisplayText.time(note.createdAt())));
    }

    private String judge(StoredVerdict verdict) {
        if (verdict.isHuman()) {
            return language.translate("source.", verdict.source());
        }
        return verdict.judge() + (verdict.evaluatorVersion() == null ? "" : " " + verdict.evaluatorVersion());
    }

    /** Adds statistics of the owner's ended tasks with the same instruction. */
    private void addExpectation() {
        if (summary.expectation() == null) {
            return;
        }
        FindingValues figures = FindingValues.parse(summary.expectation());
        List<List<String>> rows = new ArrayList<>();
        addFact(rows, "ended_tasks", figures.number("tasks"));
        addFact(rows, "success_rate", range(figures::percent, "success_rate", "success_rate_low", "success_rate_high"));
        if (figures.has("duration_p50_ms")) {
            addFact(
                    rows,
                    "task_durations",
                    range(figures::duration, "duration_p50_ms", "duration_p10_ms", "duration_p90_ms"));
        }
        sections.add(new Section(text("comparison"), List.of(), rows, false));
    }

    /** @param format returns a figure as text */
    private String range(UnaryOperator<String> format, String figure, String low, String high) {
        return text("value_with_range", format.apply(figure), format.apply(low), format.apply(high));
    }

    private void addDurations() {
        List<List<?>> rows = new ArrayList<>();
        addDurationRow(rows, "step_durations", summary.durations());
        addDurationRow(rows, "step_intervals", summary.intervals());
        addDurationRow(rows, "idle_times", summary.gaps());
        addDurationRow(rows, "model_latencies", summary.modelTimes());
        addTable(
                summary.truncated() ? "times_summarised" : "times",
                List.of("", "total", "mean", "p50", "p95", "longest"),
                rows,
                row -> row);
    }

    private void addDurationRow(List<List<?>> rows, String key, Durations durations) {
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

    private void addCounts() {
        addTable(
                summary.truncated() ? "by_type_summarised" : "by_type",
                List.of("type", "count"),
                List.copyOf(summary.byType().entrySet()),
                count -> List.of(language.translate("type.", count.getKey()), count.getValue()));
        addTable(
                summary.truncated() ? "by_action_summarised" : "by_action",
                List.of("action", "count"),
                List.copyOf(summary.byAction().entrySet()),
                count -> List.of(count.getKey(), count.getValue()));
    }

    private void addErrors() {
        addTable(
                "causes",
                List.of("cause", "count", "first", "last"),
                summary.causes(),
                cause -> List.of(
                        cause.cause() == null ? text("no_cause") : cause.cause(),
                        cause.count(),
                        cause.firstStep(),
                        cause.lastStep()));
        addTable(
                "screenshots",
                List.of("step", "role", "selection_reason"),
                summary.keyScreenshots(),
                screenshot -> List.of(
                        screenshot.stepNumber(),
                        language.translate("role.", screenshot.role()),
                        text("reason." + screenshot.reason())));
    }

    private void addLosses() {
        addTable("missing", List.of("from", "to"), summary.missing(), range -> List.of(range.first(), range.last()));
        List<List<?>> dropped = new ArrayList<>();
        Map<String, String> losses = JsonColumn.fields(task.losses());
        addDroppedRows(dropped, "steps", losses.get("dropped_steps"));
        addDroppedRows(dropped, "dropped_screenshots", losses.get("dropped_screenshots"));
        addTable("dropped", List.of("item", "reason", "count"), dropped, row -> row);
        addTable(
                "lost",
                List.of("step", "role", "reason", "count"),
                summary.lostScreenshots().listed(),
                lost -> List.of(
                        lost.stepNumber(),
                        lost.role() == null ? "" : language.translate("role.", lost.role()),
                        Objects.requireNonNullElse(lost.reason(), ""),
                        lost.count()));
    }

    /** @param countsByReason a JSON object, or null */
    private void addDroppedRows(List<List<?>> rows, String itemKey, @Nullable String countsByReason) {
        JsonColumn.fields(countsByReason).forEach((reason, count) -> rows.add(List.of(text(itemKey), reason, count)));
    }

    private void addInsights() {
        InsightText insight = new InsightText(language);
        addTable(
                "findings",
                List.of("finding", "steps", "detail"),
                summary.findings(),
                finding -> List.of(
                        language.translate("finding.", finding.kind()),
                        joinNumbers(finding.steps()),
                        insight.describe(finding)));
        addTable(
                "suggestions",
                List.of("suggestion", "steps"),
                summary.suggestions(),
                suggestion -> List.of(insight.describe(suggestion), joinNumbers(suggestion.steps())));
    }

    private static String joinNumbers(List<Integer> steps) {
        return steps.stream().limit(MAX_ROWS).map(String::valueOf).collect(Collectors.joining(", "));
    }

    private <T> void addTable(String titleKey, List<String> columns, List<T> items, Function<T, List<?>> row) {
        addTable(titleKey, columns, items, items.size(), row);
    }

    /**
     * Adds a section with one row per item, up to {@value #MAX_ROWS}. The title and columns are keys of texts.
     *
     * @param total the number of all items, of which {@code items} may be only the first
     */
    private <T> void addTable(
            String titleKey, List<String> columns, List<T> items, long total, Function<T, List<?>> row) {
        if (items.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        items.stream()
                .limit(MAX_ROWS)
                .forEach(item ->
                        rows.add(row.apply(item).stream().map(String::valueOf).toList()));
        if (total > MAX_ROWS) {
            List<String> lastRow = new ArrayList<>(Collections.nCopies(columns.size(), ""));
            lastRow.set(0, text("more_rows", total - MAX_ROWS));
            rows.add(lastRow);
        }
        List<String> headings = columns.stream()
                .map(column -> column.isEmpty() ? "" : text(column))
                .toList();
        sections.add(new Section(text(titleKey), headings, rows, columns.get(0).equals("step")));
    }

    private @Nullable String translate(String prefix, @Nullable String value) {
        return value == null ? null : language.translate(prefix, value);
    }

    private String text(String key, Object... values) {
        return language.text(key, values);
    }
}
