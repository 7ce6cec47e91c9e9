package dev.steptrail.report;

import dev.steptrail.store.model.StoredStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A task's steps as CSV (RFC 4180), one row per step, in UTF-8 with a byte order mark, which Excel needs to show
 * Chinese.
 *
 * <p>Text that a spreadsheet would evaluate as a formula is prefixed with an apostrophe. That includes text after a
 * semicolon, a tab or a line break: where the list separator is a semicolon, Excel splits the file there and ignores
 * the quotes. Rows that would exceed the size limit of a Lambda response are omitted, and the last row says so.
 */
public final class StepsCsv {
    private static final String MARK = "\uFEFF";
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
            "screenshot_path");

    private static final String FORMULA_START = "[=+\\-@＝＋－＠]";

    /** A formula at the start of a value, after invisible characters, tabs or line breaks. */
    private static final Pattern FORMULA =
            Pattern.compile("[\\t\\r\\n].*|[\\s\\p{Z}\\p{C}]*" + FORMULA_START + ".*", Pattern.DOTALL);

    /**
     * A formula at the start of a part of a value, for programs that split values at semicolons, tabs or line breaks.
     * The lookahead ends at the next separator, so that a run of separators takes linear time.
     */
    private static final Pattern FORMULA_IN_PART =
            Pattern.compile("([;\\t\\r\\n])(?=[\\s\\p{Z}\\p{C}\"&&[^\\t\\r\\n]]*+" + FORMULA_START + ")");

    /** Everything else is quoted. */
    private static final Pattern PLAIN = Pattern.compile("[\\w.:+-]*");

    private final BoundedText text = new BoundedText();

    public StepsCsv() {
        text.add(MARK + row(COLUMNS));
    }

    /**
     * Adds the next step.
     *
     * @return whether the step fitted; if not, further steps must not be added
     */
    public boolean add(StoredStep step) {
        DisplayStep shown = DisplayStep.of(step);
        List<String> values = new ArrayList<>();
        values.add(String.valueOf(step.stepNumber()));
        values.add(step.createdAt().toString());
        values.add(step.stepType());
        values.add(shown.actionName());
        values.add(shown.action());
        values.add(Objects.requireNonNullElse(step.actionResult(), ""));
        values.add(step.succeeded() == null ? "" : step.succeeded().toString());
        values.add(step.durationMs() == null ? "" : step.durationMs().toString());
        values.add(shown.modelMs());
        values.add(Objects.requireNonNullElse(step.error(), ""));
        values.add(Objects.requireNonNullElse(step.thinking(), ""));
        values.add(Objects.requireNonNullElse(step.screenshotPath(), ""));
        return text.addStep(step.stepNumber(), row(values));
    }

    /** Returns the whole file. */
    public String text() {
        Integer cutAt = text.cutAt();
        if (cutAt == null) {
            return text.endingWith("");
        }
        List<String> values = new ArrayList<>(COLUMNS.stream().map(column -> "").toList());
        values.set(COLUMNS.indexOf("step_type"), "cut");
        values.set(
                COLUMNS.indexOf("error_message"),
                "Steps from " + cutAt + " on are omitted, because a response is limited to 4.4 MB. The ZIP export"
                        + " contains all steps.");
        return text.endingWith(row(values));
    }

    private static String row(List<String> values) {
        return values.stream().map(StepsCsv::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(String value) {
        String parts = FORMULA_IN_PART.matcher(value).replaceAll("$1'");
        String plain = FORMULA.matcher(value).matches() ? "'" + parts : parts;
        return PLAIN.matcher(plain).matches() ? plain : '"' + plain.replace("\"", "\"\"") + '"';
    }
}
