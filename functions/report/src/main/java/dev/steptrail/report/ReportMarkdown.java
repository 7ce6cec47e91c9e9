package dev.steptrail.report;

import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.model.StoredAttachment;
import dev.steptrail.store.query.ShortStepRepository.ShortStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report in GitHub Flavored Markdown. Text from senders is escaped, so that it cannot create markup, HTML,
 * links, mentions or references. Steps that exceed the size limit of a Lambda response are omitted, with a note at the
 * end of the report.
 */
public final class ReportMarkdown {
    /** The maximum length of a cell in characters. The records contain the full texts. */
    private static final int MAX_CELL_LENGTH = 500;

    /** The length of texts to read from the database: one more than a cell shows, to detect longer texts. */
    public static final int MAX_TEXT_LENGTH = MAX_CELL_LENGTH + 1;

    /** Markup, and parts of URLs that GitHub would turn into links: the dot after www, and the colon before slashes. */
    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]|~#!$]|(?<=[wW])\\.|:(?=//)");
    /** Mentions and references. GitHub detects them in the rendered text, so a backslash has no effect. */
    private static final Pattern REFERENCE = Pattern.compile("@|#(?=[0-9])");

    private static final String ZERO_WIDTH_SPACE = "&#8203;";

    private static final Pattern BLANK = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final SizeLimitedText text = new SizeLimitedText();
    private final Language language;
    private final boolean withModelCalls;

    /** @param withModelCalls whether each step shows what its model received and returned */
    public ReportMarkdown(ReportContent content, Language language, boolean withModelCalls) {
        this.language = language;
        this.withModelCalls = withModelCalls;
        String name = DisplayText.name(content.task());
        text.add("# " + language.text("report") + ": " + escape(name) + "\n");
        for (ReportSections.Section section : ReportSections.build(content, language)) {
            text.add(format(section));
        }
        text.add("\n## " + language.text("steps") + "\n\n");
        text.add(content.task().totalSteps() == 0 ? language.text("no_steps") + "\n" : tableHeader(columns()));
    }

    private List<String> columns() {
        return Stream.concat(
                        Stream.of("step", "time", "type", "action", "duration", "result", "error", "thinking"),
                        withModelCalls ? Stream.of("model_input", "model_output") : Stream.empty())
                .map(language::text)
                .toList();
    }

    /**
     * Adds the next step.
     *
     * @param step with texts truncated to {@link #MAX_TEXT_LENGTH} characters
     * @return whether the step fitted; if not, further steps must not be added
     */
    public boolean add(ShortStep step) {
        List<String> cells = new ArrayList<>(List.of(
                String.valueOf(step.stepNumber()),
                DisplayText.time(step.createdAt()),
                language.translate("type.", step.stepType()),
                actionText(step.action()),
                DisplayText.duration(step.durationMs()),
                step.succeeded() == null ? "" : language.text(step.succeeded() ? "ok" : "failed"),
                Objects.requireNonNullElse(step.error(), ""),
                Objects.requireNonNullElse(step.thinking(), "")));
        if (withModelCalls) {
            cells.add(modelText(step, "model_input", step.modelInput()));
            cells.add(modelText(step, "model_output", step.modelOutput()));
        }
        return text.addStep(step.stepNumber(), row(cells));
    }

    /** Returns what a model received or returned, or the size of the attachment that contains it. */
    private String modelText(ShortStep step, String field, @Nullable String recorded) {
        return StoredAttachment.parse(step.attachments()).stream()
                .filter(stored -> stored.field().equals(field))
                .map(stored -> language.text("in_bucket", stored.fileSize()))
                .findFirst()
                .orElse(Objects.requireNonNullElse(recorded, ""));
    }

    /** Returns the action in short form, or as JSON if the query may have truncated it. */
    private static String actionText(@Nullable String action) {
        return action != null && action.length() < MAX_TEXT_LENGTH
                ? DisplayStep.actionText(action)
                : Objects.requireNonNullElse(action, "");
    }

    public String text() {
        Integer firstOmittedStep = text.firstOmittedStep();
        return text.withEnd(
                firstOmittedStep == null ? "" : "\n**" + language.text("steps_omitted", firstOmittedStep) + "**\n");
    }

    private static String format(ReportSections.Section section) {
        List<String> columns = section.columns().isEmpty() ? List.of("", "") : section.columns();
        return "\n## " + section.title() + "\n\n" + tableHeader(columns)
                + section.rows().stream().map(ReportMarkdown::row).collect(Collectors.joining());
    }

    private static String tableHeader(List<String> columns) {
        return row(columns) + "|" + String.join("|", Collections.nCopies(columns.size(), " --- ")) + "|\n";
    }

    private static String row(List<String> cells) {
        return cells.stream().map(ReportMarkdown::escape).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Truncates a text, replaces white space and line breaks by single spaces, and escapes markup. */
    static String escape(String text) {
        String truncated = TextTruncator.truncate(text, MAX_CELL_LENGTH);
        String line = BLANK.matcher(truncated).replaceAll(" ").strip();
        String withoutMarkup = MARKUP.matcher(line).replaceAll("\\\\$0");
        String withoutHtml =
                withoutMarkup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return REFERENCE.matcher(withoutHtml).replaceAll("$0" + ZERO_WIDTH_SPACE)
                + (truncated.equals(text) ? "" : " …");
    }
}
