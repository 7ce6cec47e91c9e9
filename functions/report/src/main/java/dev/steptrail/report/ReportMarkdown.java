package dev.steptrail.report;

import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.query.StepRepository.ShortStep;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A report in GitHub Flavored Markdown. Text from senders is escaped: it cannot create markup, HTML or links, and
 * GitHub does not turn it into addresses, mentions or references. Steps that exceed the size limit of a Lambda response
 * are omitted, and the end of the report says so.
 */
public final class ReportMarkdown {
    /** The maximum length of a cell in characters. The records contain the full texts. */
    private static final int MAX_CELL = 500;

    /** The length of texts to read: one character more than a cell has, to detect longer texts. */
    public static final int MAX_TEXT_LENGTH = MAX_CELL + 1;

    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]|~#!$]|(?<=[wW])\\.|:(?=//)");
    /** Mentions and references, which GitHub detects in the rendered text, so a backslash does not prevent them. */
    private static final Pattern REFERENCE = Pattern.compile("@|#(?=[0-9])");

    /** A zero-width space. */
    private static final String ZERO_WIDTH_SPACE = "&#8203;";

    private static final Pattern BLANK = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final BoundedText text = new BoundedText();
    private final Language language;

    public ReportMarkdown(Task task, TaskSummary summary, Language language) {
        this.language = language;
        String name = DisplayText.name(task);
        text.add("# " + language.text("report") + ": " + plain(name) + "\n");
        for (ReportSections.Section section : ReportSections.of(task, summary, language)) {
            text.add(of(section));
        }
        text.add("\n## " + language.text("steps") + "\n\n");
        text.add(
                task.totalSteps() == 0
                        ? language.text("no_steps") + "\n"
                        : head(
                                List.of("step", "time", "type", "action", "duration", "result", "error", "thinking")
                                        .stream()
                                        .map(language::text)
                                        .toList()));
    }

    /**
     * Adds the next step.
     *
     * @param step with texts truncated to {@link #MAX_TEXT_LENGTH} characters
     * @return whether the step fitted; if not, further steps must not be added
     */
    public boolean add(ShortStep step) {
        return text.addStep(
                step.stepNumber(),
                row(List.of(
                        String.valueOf(step.stepNumber()),
                        DisplayText.time(step.createdAt()),
                        language.word("type.", step.stepType()),
                        actionText(step.action()),
                        DisplayText.duration(step.durationMs()),
                        step.succeeded() == null ? "" : language.text(step.succeeded() ? "ok" : "failed"),
                        Objects.requireNonNullElse(step.error(), ""),
                        Objects.requireNonNullElse(step.thinking(), ""))));
    }

    /** Returns the action's text. JSON that may have been truncated by the query is shown unparsed. */
    private static String actionText(@Nullable String action) {
        return action != null && action.length() < MAX_TEXT_LENGTH
                ? DisplayStep.actionText(action)
                : Objects.requireNonNullElse(action, "");
    }

    /** Returns the whole report. */
    public String text() {
        Integer cutAt = text.cutAt();
        return text.endingWith(cutAt == null ? "" : "\n**" + language.text("cut", cutAt) + "**\n");
    }

    private static String of(ReportSections.Section section) {
        List<String> columns = section.columns().isEmpty() ? List.of("", "") : section.columns();
        return "\n## " + section.title() + "\n\n" + head(columns)
                + section.rows().stream().map(ReportMarkdown::row).collect(Collectors.joining());
    }

    private static String head(List<String> columns) {
        return row(columns) + "|" + String.join("|", Collections.nCopies(columns.size(), " --- ")) + "|\n";
    }

    private static String row(List<String> cells) {
        return cells.stream().map(ReportMarkdown::plain).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    static String plain(String text) {
        String truncated = TextTruncator.truncate(text, MAX_CELL);
        String line = BLANK.matcher(truncated).replaceAll(" ").strip();
        String escaped = MARKUP.matcher(line).replaceAll("\\\\$0");
        String plain = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return REFERENCE.matcher(plain).replaceAll("$0" + ZERO_WIDTH_SPACE) + (truncated.equals(text) ? "" : " …");
    }
}
