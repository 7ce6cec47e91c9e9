package dev.steptrail.report;

import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.usage.Cost;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a task's steps as CSV (RFC 4180), one row per step. The encoding is UTF-8. Excel needs the byte order mark to
 * display Chinese.
 *
 * <p>Text that a spreadsheet would evaluate as a formula is prefixed with an apostrophe. This includes text after a
 * semicolon, tab or line break, because Excel splits values there, despite the quotes, if the list separator is a
 * semicolon. Rows that exceed the size limit of a Lambda response are omitted, with a note in the last row.
 */
public final class StepsCsv {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final List<String> COLUMNS = List.of(
            "step_number",
            "created_at",
            "step_type",
            "action_name",
            "action",
            "action_result",
            "success",
            "duration_ms",
            "model_ms",
            "error_message",
            "thinking",
            "screenshot_path",
            "input_tokens",
            "cached_tokens",
            "output_tokens",
            "cost",
            "currency");

    private static final List<String> MODEL_CALL_COLUMNS = List.of("model_input", "model_output", "attachments");

    private static final String FORMULA_START = "[=+\\-@＝＋－＠]";

    /** A value that starts with a tab or line break, or with a formula, possibly after invisible characters. */
    private static final Pattern FORMULA =
            Pattern.compile("[\\t\\r\\n].*|[\\s\\p{Z}\\p{C}]*" + FORMULA_START + ".*", Pattern.DOTALL);

    /**
     * A formula at the start of a part of a value, for programs that split values at semicolons, tabs or line breaks.
     * The lookahead ends at the next separator, so that a run of separators takes linear time.
     */
    private static final Pattern FORMULA_IN_PART =
            Pattern.compile("([;\\t\\r\\n])(?=[\\s\\p{Z}\\p{C}\"&&[^\\t\\r\\n]]*+" + FORMULA_START + ")");

    /** Values that need no quotes. */
    private static final Pattern UNQUOTED = Pattern.compile("[\\w.:+-]*");

    private final SizeLimitedText text = new SizeLimitedText();
    private final List<String> columns;
    private final boolean withModelCalls;

    /** @param withModelCalls whether there are columns for what the steps' models received and returned */
    public StepsCsv(boolean withModelCalls) {
        this.withModelCalls = withModelCalls;
        this.columns = Stream.concat(COLUMNS.stream(), withModelCalls ? MODEL_CALL_COLUMNS.stream() : Stream.empty())
                .toList();
        text.add(BYTE_ORDER_MARK + row(columns));
    }

    /**
     * Adds the next step.
     *
     * @param cost null if unknown; has at most one currency, as a step has one model
     * @return whether the step fitted; if not, further steps must not be added
     */
    public boolean add(StoredStep step, @Nullable Cost cost) {
        DisplayStep displayStep = DisplayStep.of(step);
        List<String> values = new ArrayList<>();
        values.add(String.valueOf(step.stepNumber()));
        values.add(step.createdAt().toString());
        values.add(step.stepType());
        values.add(displayStep.actionName());
        values.add(displayStep.action());
        values.add(Objects.requireNonNullElse(step.actionResult(), ""));
        values.add(step.succeeded() == null ? "" : step.succeeded().toString());
        values.add(step.durationMs() == null ? "" : step.durationMs().toString());
        values.add(displayStep.modelMs());
        values.add(Objects.requireNonNullElse(step.error(), ""));
        values.add(Objects.requireNonNullElse(step.thinking(), ""));
        values.add(Objects.requireNonNullElse(step.screenshotPath(), ""));
        DisplayModelCall call = DisplayModelCall.of(step);
        values.addAll(List.of(call.inputTokens(), call.cachedTokens(), call.outputTokens()));
        Map.Entry<String, BigDecimal> amount = cost == null
                ? null
                : cost.amounts().entrySet().stream().findFirst().orElse(null);
        values.add(amount == null ? "" : amount.getValue().toPlainString());
        values.add(amount == null ? "" : amount.getKey());
        if (withModelCalls) {
            values.addAll(List.of(call.input(), call.output(), call.attachments()));
        }
        return text.addStep(step.stepNumber(), row(values));
    }

    /** Records that this step and the following ones are omitted. */
    public void omit(int stepNumber) {
        text.omit(stepNumber);
    }

    public String text() {
        Integer firstOmittedStep = text.firstOmittedStep();
        if (firstOmittedStep == null) {
            return text.withEnd("");
        }
        List<String> values = new ArrayList<>(columns.stream().map(column -> "").toList());
        values.set(COLUMNS.indexOf("step_type"), "cut");
        values.set(
                COLUMNS.indexOf("error_message"),
                "Steps from " + firstOmittedStep
                        + " on are omitted because of the size limit. The ZIP export contains all steps.");
        return text.withEnd(row(values));
    }

    private static String row(List<String> values) {
        return values.stream().map(StepsCsv::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(String value) {
        String safeParts = FORMULA_IN_PART.matcher(value).replaceAll("$1'");
        String safe = FORMULA.matcher(value).matches() ? "'" + safeParts : safeParts;
        return UNQUOTED.matcher(safe).matches() ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
