package dev.steptrail.report;

import dev.steptrail.stepformat.Beginning;
import dev.steptrail.store.StoredStep;
import dev.steptrail.store.Task;
import dev.steptrail.store.TaskSummary;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A report in Markdown (GitHub's, for its tables). What senders wrote comes as the text that it is: it makes no markup, no HTML and
 * no links. Steps that do not fit into one answer of Lambda are left out, and the end says so.
 */
public final class ReportMarkdown {
    /** Of a step's text; the records have it whole. */
    private static final int LONGEST_CELL = 500;

    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]|~#!$]|(?<=[wW])\\.|:(?=//)");
    private static final Pattern BLANK = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final BoundedText text = new BoundedText();
    private final Language language;
    private @Nullable Integer cutAt;

    public ReportMarkdown(Task task, TaskSummary summary, Language language) {
        this.language = language;
        String name = task.name() == null ? task.taskId().toString() : task.name();
        text.add("# " + language.text("report") + ": " + plain(name) + "\n");
        for (Section section : ReportSections.of(task, summary, language)) {
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
     * @return whether it fitted; then more may come
     */
    public boolean add(StoredStep step) {
        boolean fits = text.add(row(List.of(
                String.valueOf(step.stepNumber()),
                Shown.time(step.createdAt()),
                language.word("type.", step.stepType()),
                ShownStep.of(step).actionText(),
                Shown.duration(step.durationMs()),
                step.wentWell() == null ? "" : language.text(step.wentWell() ? "ok" : "failed"),
                step.error() == null ? "" : step.error(),
                step.thinking() == null ? "" : step.thinking())));
        if (!fits) {
            cutAt = step.stepNumber();
        }
        return fits;
    }

    /** All of it. */
    public String text() {
        return text.endingWith(cutAt == null ? "" : "\n**" + language.text("cut", cutAt) + "**\n");
    }

    private static String of(Section section) {
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
        return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + (cut.equals(text) ? "" : " …");
    }
}
