package dev.steptrail.report;

import dev.steptrail.stepformat.Beginning;
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
 * A report in Markdown (GitHub's, for its tables). What senders wrote comes as the text that it is: it makes no markup, no HTML and
 * no links, nor does GitHub make an address, a mention or a reference of it. Steps that do not fit into one answer of Lambda are left out, and the end says so.
 */
public final class ReportMarkdown {
    /** Of a step's text; the records have it whole. */
    private static final int LONGEST_CELL = 500;

    /** By one more it is seen that there was more. */
    public static final int LONGEST_SHOWN = LONGEST_CELL + 1;

    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]|~#!$]|(?<=[wW])\\.|:(?=//)");
    /** These GitHub finds in the text that shows, where no backslash is left. */
    private static final Pattern REFERENCE = Pattern.compile("@|#(?=[0-9])");

    /** A space of no width. */
    private static final String NOTHING = "&#8203;";

    private static final Pattern BLANK = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final BoundedText text = new BoundedText();
    private final Language language;

    public ReportMarkdown(Task task, TaskSummary summary, Language language) {
        this.language = language;
        String name = Shown.name(task);
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
     * @param step with texts of {@link #LONGEST_SHOWN} characters, if they have as many
     * @return whether it fitted; then more may come
     */
    public boolean add(ShortStep step) {
        return text.addStep(
                step.stepNumber(),
                row(List.of(
                        String.valueOf(step.stepNumber()),
                        Shown.time(step.createdAt()),
                        language.word("type.", step.stepType()),
                        actionText(step.action()),
                        Shown.duration(step.durationMs()),
                        step.wentWell() == null ? "" : language.text(step.wentWell() ? "ok" : "failed"),
                        Objects.requireNonNullElse(step.error(), ""),
                        Objects.requireNonNullElse(step.thinking(), ""))));
    }

    /** What Postgres may have cut is no JSON any more, and stays as it is. */
    private static String actionText(@Nullable String action) {
        return action != null && action.length() < LONGEST_SHOWN
                ? ShownStep.actionText(action)
                : Objects.requireNonNullElse(action, "");
    }

    /** All of it. */
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
        String cut = Beginning.of(text, LONGEST_CELL);
        String line = BLANK.matcher(cut).replaceAll(" ").strip();
        String escaped = MARKUP.matcher(line).replaceAll("\\\\$0");
        String plain = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return REFERENCE.matcher(plain).replaceAll("$0" + NOTHING) + (cut.equals(text) ? "" : " …");
    }
}
