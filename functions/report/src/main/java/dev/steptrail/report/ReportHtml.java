package dev.steptrail.report;

import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.model.StoredAttachment;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.TimelineSegment;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.StepFilter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a report as a self-contained, printable XHTML page without scripts. Text from senders is escaped. */
public final class ReportHtml {
    /** The maximum length of a step's text in characters. The records contain the full texts. */
    private static final int MAX_TEXT_LENGTH = 4000;

    private static final int MAX_LINES_PER_TEXT = 100;

    /** A rendered line takes about as much memory as 40 characters. */
    private static final int CHARACTERS_PER_LINE = 40;

    /** If the steps have more lines on average, fewer than {@code maxSteps} steps are written. */
    private static final int MAX_MEAN_LINES_PER_STEP = 120;

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final Appendable out;
    private final ReportContent content;
    private final Task task;
    private final TaskSummary summary;
    private final Language language;
    private final ScreenshotSource screenshots;
    private final int maxSteps;
    private final boolean withModelCalls;
    private int steps;
    private int lastStep;
    private long writtenLines;
    private @Nullable Integer firstOmittedStep;

    /**
     * @param maxSteps the maximum number of steps; fewer are written if their texts are very long
     * @param withModelCalls whether each step shows what its model received and returned
     */
    public ReportHtml(
            Appendable out,
            ReportContent content,
            Language language,
            ScreenshotSource screenshots,
            int maxSteps,
            boolean withModelCalls) {
        this.out = out;
        this.content = content;
        this.task = content.task();
        this.summary = content.summary();
        this.language = language;
        this.screenshots = screenshots;
        this.maxSteps = maxSteps;
        this.withModelCalls = withModelCalls;
    }

    /** Writes everything before the steps. */
    public void begin() throws IOException {
        String name = DisplayText.name(task);
        String title = language.text("report") + ": " + name;
        out.append("<!DOCTYPE html>\n<html lang=\"").append(language.code()).append("\">\n<head>\n");
        out.append("<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"")
                .append(ReportStylesheet.contentSecurityPolicy(screenshots.allowedSources()))
                .append("\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n");
        element("title", null, title);
        out.append("<style>").append(ReportStylesheet.CSS).append("</style>\n</head>\n<body>\n");
        element("h1", null, title);
        for (ReportSections.Section section : ReportSections.build(content, language)) {
            writeSection(section);
        }
        writeTimeline(summary.timeline());
        element("h2", null, language.text("steps"));
    }

    /**
     * Writes the steps of the task: all or, of a task with more than the maximum, the first half of the maximum, some
     * failed steps, and the last steps.
     *
     * @param filter returns what the report shows of a step
     */
    public void addSteps(StepRepository repository, UnaryOperator<StoredStep> filter) throws IOException {
        int failedSteps = maxSteps / 10;
        boolean isExcerpt = task.totalSteps() > maxSteps;
        int firstSteps = isExcerpt ? maxSteps / 2 : maxSteps;
        repository.<IOException>visit(
                task.taskId(), step -> add(filter.apply(step)) && !(isExcerpt && steps == firstSteps));
        Optional<Integer> lastOmitted = isExcerpt && steps == firstSteps
                ? repository.findLastOmitted(task.taskId(), lastStep, maxSteps - firstSteps - failedSteps)
                : Optional.empty();
        if (lastOmitted.isPresent()) {
            element("p", "note", language.text("only_failed", lastStep + 1, lastOmitted.get(), failedSteps));
            StepFilter failed = StepFilter.failed(lastStep, lastOmitted.get());
            repository.<IOException>visit(
                    task.taskId(), failed, step -> add(filter.apply(step)) && steps < firstSteps + failedSteps);
        }
        if (isExcerpt && firstOmittedStep == null) {
            repository.<IOException>visit(
                    task.taskId(), StepFilter.after(lastOmitted.orElse(lastStep)), step -> add(filter.apply(step)));
        }
    }

    /**
     * Writes the next step.
     *
     * @return false if the limit is reached and the step was not written; further steps must not be added
     */
    public boolean add(StoredStep step) throws IOException {
        if (steps == maxSteps || writtenLines > (long) maxSteps * MAX_MEAN_LINES_PER_STEP) {
            firstOmittedStep = step.stepNumber();
            return false;
        }
        steps++;
        lastStep = step.stepNumber();
        writeStep(step);
        return true;
    }

    /** Writes everything after the steps. */
    public void end() throws IOException {
        if (steps == 0) {
            element("p", "note", language.text("no_steps"));
        }
        if (firstOmittedStep != null) {
            element("p", "note", language.text("steps_omitted", firstOmittedStep));
        }
        out.append("</body>\n</html>\n");
    }

    private void writeSection(ReportSections.Section section) throws IOException {
        boolean isFacts = section.columns().isEmpty();
        element("h2", null, section.title());
        out.append(isFacts ? "<table class=\"facts\">\n" : "<table>\n");
        if (!isFacts) {
            out.append("<thead>");
            writeRow(section.columns(), "th", "th");
            out.append("</thead>\n");
        }
        out.append("<tbody>\n");
        for (List<String> cells : section.rows()) {
            if (section.hasStepNumbers() && NUMBER.matcher(cells.get(0)).matches()) {
                writeLinkedRow(cells);
            } else {
                writeRow(cells, isFacts ? "th" : "td", "td");
            }
        }
        out.append("</tbody>\n</table>\n");
    }

    private void writeRow(List<String> cells, String firstElement, String otherElements) throws IOException {
        out.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            element(i == 0 ? firstElement : otherElements, null, truncate(cells.get(i)));
        }
        out.append("</tr>\n");
    }

    /** Writes a row whose first cell is a step number, with a link to the step. */
    private void writeLinkedRow(List<String> cells) throws IOException {
        String number = cells.get(0);
        out.append(
                String.format(Locale.ROOT, "<tr><td><a class=\"step-link\" href=\"#step-%s\">%1$s</a></td>", number));
        for (String cell : cells.subList(1, cells.size())) {
            element("td", null, truncate(cell));
        }
        out.append("</tr>\n");
    }

    /** Writes one bar per segment of the timeline, with a color that depends on the results of its steps. */
    private void writeTimeline(List<TimelineSegment> segments) throws IOException {
        if (segments.isEmpty()) {
            return;
        }
        element("h2", null, language.text("timeline"));
        out.append("<div class=\"timeline\">");
        for (TimelineSegment segment : segments) {
            String cssClass = segment.errors() > 0 ? "bad" : segment.unknown() > 0 ? "unknown" : "good";
            String numbers = segment.steps() == 1
                    ? String.valueOf(segment.firstStep())
                    : segment.firstStep() + "–" + segment.lastStep();
            out.append("<span class=\"").append(cssClass).append("\" title=\"");
            HtmlEscaper.escape(out, numbers + (segment.action() == null ? "" : " " + segment.action()));
            out.append("\"> </span>");
        }
        out.append("</div>\n");
        TimelineSegment first = segments.get(0);
        String bar = first.steps() == 1 ? language.text("one_step") : language.text("several_steps", first.steps());
        int last = segments.get(segments.size() - 1).lastStep();
        element("p", "legend", language.text("timeline_legend", bar, first.firstStep(), last));
    }

    private void writeStep(StoredStep step) throws IOException {
        DisplayStep display = DisplayStep.of(step);
        String cssClass = step.succeeded() == null ? "step unknown" : step.succeeded() ? "step" : "step bad";
        out.append(String.format(Locale.ROOT, "<div class=\"%s\" id=\"step-%d\">\n", cssClass, step.stepNumber()));
        element(
                "h3",
                null,
                joinKnown(
                        String.valueOf(step.stepNumber()),
                        language.translate("type.", step.stepType()),
                        display.actionName()));
        element("div", "when", timeAndResult(step));
        paragraph("error", step.error());
        paragraph("text", step.thinking());
        paragraph("action", display.actionText());
        if (withModelCalls) {
            writeModelCall(step);
        }
        if (!step.screenshots().isEmpty()) {
            out.append("<div class=\"screenshots\">");
            for (StoredScreenshot screenshot : step.screenshots()) {
                writeScreenshot(step, screenshot);
            }
            out.append("</div>\n");
        }
        out.append("</div>\n");
    }

    private void writeModelCall(StoredStep step) throws IOException {
        DisplayModelCall call = DisplayModelCall.of(step);
        paragraph("action", labelled("model_input", call.input()));
        paragraph("action", labelled("model_output", call.output()));
        for (StoredAttachment stored : StoredAttachment.of(step)) {
            if (stored.field().startsWith("model_")) {
                paragraph("action", labelled(stored.field(), language.text("in_bucket", stored.fileSize())));
            }
        }
    }

    private String labelled(String key, String text) {
        return text.isEmpty() ? "" : language.translate("", key) + ": " + text;
    }

    private String timeAndResult(StoredStep step) {
        String result = step.succeeded() == null ? "" : language.text(step.succeeded() ? "ok" : "failed");
        return joinKnown(DisplayText.time(step.createdAt()), DisplayText.duration(step.durationMs()), result);
    }

    private static String joinKnown(String... texts) {
        return Stream.of(texts).filter(text -> !text.isEmpty()).collect(Collectors.joining(" · "));
    }

    private void paragraph(String cssClass, @Nullable String text) throws IOException {
        if (text != null && !text.isEmpty()) {
            String truncated = truncate(text);
            writtenLines += truncated.lines().count() + truncated.length() / CHARACTERS_PER_LINE;
            element("div", cssClass, truncated);
        }
    }

    private String truncate(String text) {
        String truncated = truncateLines(MAX_LINES_PER_TEXT, TextTruncator.truncate(text, MAX_TEXT_LENGTH));
        return truncated.equals(text)
                ? text
                : truncated + " " + language.text("more_text", text.length() - truncated.length());
    }

    private static String truncateLines(int maxLines, String text) {
        int lineEnds = 0;
        for (int i = 0; i < text.length(); i++) {
            boolean isLineEnd = text.charAt(i) == '\n' || text.charAt(i) == '\r';
            lineEnds += isLineEnd ? 1 : 0;
            if (lineEnds == maxLines) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private void writeScreenshot(StoredStep step, StoredScreenshot screenshot) throws IOException {
        boolean isKeyScreenshot = isKey(step.stepNumber(), screenshot.screenshotIndex());
        Optional<String> source = screenshots.source(screenshot, isKeyScreenshot);
        if (source.isEmpty()) {
            element("span", "note", language.text("no_screenshot"));
            return;
        }
        String cssClass = (screenshot.width() > screenshot.height() ? "wide " : "") + (isKeyScreenshot ? "key" : "");
        out.append("<img class=\"").append(cssClass.strip()).append("\" alt=\"");
        HtmlEscaper.escape(out, step.stepNumber() + " " + language.translate("role.", screenshot.role()));
        out.append("\" src=\"");
        HtmlEscaper.escape(out, source.get());
        out.append("\"/>");
    }

    private boolean isKey(int stepNumber, int screenshotIndex) {
        return summary.keyScreenshots().stream()
                .anyMatch(key -> key.stepNumber() == stepNumber && key.screenshotIndex() == screenshotIndex);
    }

    private void element(String name, @Nullable String cssClass, String text) throws IOException {
        out.append('<').append(name);
        if (cssClass != null) {
            out.append(" class=\"").append(cssClass).append('"');
        }
        out.append('>');
        HtmlEscaper.escape(out, text);
        out.append("</").append(name).append('>').append(name.equals("th") || name.equals("td") ? "" : "\n");
    }
}
