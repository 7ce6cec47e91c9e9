package dev.steptrail.report;

import dev.steptrail.store.model.StoredStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A task's steps as CSV (RFC 4180), a row each, in UTF-8 with a byte order mark, without which Excel shows no Chinese. A value that a
 * spreadsheet would take for a formula begins with an apostrophe. What does not fit into one answer of Lambda is left out,
 * and the last row says so.
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

    /** What programs begin a formula with, in both widths, behind whatever shows as nothing too; a tab and a line's end lead some of them to one. */
    private static final Pattern FORMULA =
            Pattern.compile("[\\t\\r\\n].*|[\\s\\p{Z}\\p{C}]*[=+\\-@＝＋－＠].*", Pattern.DOTALL);

    /** All else is quoted: some programs part values by semicolons or tabs, and a part may be a formula. */
    private static final Pattern PLAIN = Pattern.compile("[\\w.:+-]*");

    private final BoundedText text = new BoundedText();
    private @Nullable Integer cutAt;

    public StepsCsv() {
        text.add(MARK + row(COLUMNS));
    }

    /**
     * Adds the next step.
     *
     * @return whether it fitted; then more may come
     */
    public boolean add(StoredStep step) {
        ShownStep shown = ShownStep.of(step);
        List<String> values = new ArrayList<>();
        values.add(String.valueOf(step.stepNumber()));
        values.add(step.createdAt().toString());
        values.add(step.stepType());
        values.add(shown.actionName());
        values.add(shown.action());
        values.add(Objects.requireNonNullElse(step.actionResult(), ""));
        values.add(step.wentWell() == null ? "" : step.wentWell().toString());
        values.add(step.durationMs() == null ? "" : step.durationMs().toString());
        values.add(shown.modelMs());
        values.add(Objects.requireNonNullElse(step.error(), ""));
        values.add(Objects.requireNonNullElse(step.thinking(), ""));
        values.add(Objects.requireNonNullElse(step.screenshotPath(), ""));
        boolean fits = text.add(row(values));
        if (!fits) {
            cutAt = step.stepNumber();
        }
        return fits;
    }

    /** All of it. */
    public String text() {
        if (cutAt == null) {
            return text.endingWith("");
        }
        List<String> values = new ArrayList<>(COLUMNS.stream().map(column -> "").toList());
        values.set(COLUMNS.indexOf("step_type"), "cut");
        values.set(
                COLUMNS.indexOf("error_message"),
                "Step " + cutAt + " and those after it are left out: an answer holds 6 MB. The export has them all.");
        return text.endingWith(row(values));
    }

    private static String row(List<String> values) {
        return values.stream().map(StepsCsv::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(String value) {
        String plain = FORMULA.matcher(value).matches() ? "'" + value : value;
        return PLAIN.matcher(plain).matches() ? plain : '"' + plain.replace("\"", "\"\"") + '"';
    }
}
