package dev.steptrail.export;

import dev.steptrail.report.Language;
import dev.steptrail.report.ReportContent;
import dev.steptrail.report.ReportHtml;
import dev.steptrail.report.ScreenshotSource;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.JudgementReader.AllJudgements;
import dev.steptrail.store.model.StoredAttachment;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.ScreenshotRepository.StepScreenshots;
import dev.steptrail.store.query.StepRepository;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a complete task as a ZIP stream: {@code records.jsonl} in the step format, {@code judgements.json},
 * {@code screenshots/}, {@code attachments/}, and {@code report.html} with links to the screenshots. Memory use does
 * not depend on the task's size.
 */
final class ZipExport implements ScreenshotSource {
    private static final int MAX_REPORT_STEPS = 5000;
    private static final int PAGE_SIZE = 500;

    private final StepRepository steps;
    private final ScreenshotRepository screenshots;
    private final ExportBucket bucket;
    private final ReportContent content;
    private final Task task;
    private final Deadline deadline;
    private final ZipOutputStream zip;

    /** File names in the ZIP by object key. Steps with identical screenshots share one object. */
    private final Map<String, String> names = new HashMap<>();

    /** Object keys of the attachments, by file name in the ZIP. Several steps may share an object. */
    private final Map<String, String> attachments = new LinkedHashMap<>();

    ZipExport(
            StepRepository steps,
            ScreenshotRepository screenshots,
            ExportBucket bucket,
            ReportContent content,
            Deadline deadline,
            OutputStream out) {
        this.steps = steps;
        this.screenshots = screenshots;
        this.bucket = bucket;
        this.content = content;
        this.task = content.task();
        this.deadline = deadline;
        this.zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    }

    void write(Language language, AllJudgements judgements) throws IOException {
        writeRecords();
        if (RecordWriter.hasJudgements(task, judgements, content.usage())) {
            writeJudgements(judgements);
        }
        zip.setLevel(Deflater.NO_COMPRESSION); // attachments and screenshots are compressed already
        writeAttachments();
        Integer after = null;
        Page<StepScreenshots> page;
        do {
            page = screenshots.page(task.taskId(), after, PAGE_SIZE);
            for (StepScreenshots step : page.items()) {
                writeScreenshots(step);
                after = step.stepNumber();
            }
        } while (page.hasMore());
        zip.setLevel(Deflater.DEFAULT_COMPRESSION);
        writeReport(language);
        zip.finish();
    }

    private void writeRecords() throws IOException {
        Writer out = beginEntry("records.jsonl");
        RecordWriter records = new RecordWriter(out);
        records.begin(task);
        StoredAttachment.of(task)
                .forEach(attachment ->
                        attachments.put("attachments/task-" + attachment.field() + ".json.gz", attachment.path()));
        steps.<IOException>visit(task.taskId(), step -> {
            records.add(task, step);
            // As the API does, uses the first attachment of a field.
            StoredAttachment.of(step)
                    .forEach(attachment -> attachments.putIfAbsent(name(step, attachment), attachment.path()));
            return true;
        });
        records.end(task);
        out.flush();
    }

    /** Writes a separate file, so that all lines of {@code records.jsonl} are records of the step format. */
    private void writeJudgements(AllJudgements judgements) throws IOException {
        Writer out = beginEntry("judgements.json");
        new RecordWriter(out).addJudgements(task, judgements, content.usage());
        out.flush();
    }

    private static String name(StoredStep step, StoredAttachment attachment) {
        return String.format(Locale.ROOT, "attachments/%06d-%s.json.gz", step.stepNumber(), attachment.field());
    }

    /** Writes the attachments as they are stored, as gzip of JSON. */
    private void writeAttachments() throws IOException {
        for (Map.Entry<String, String> attachment : attachments.entrySet()) {
            copy(attachment.getValue(), attachment.getKey());
        }
    }

    private void writeScreenshots(StepScreenshots step) throws IOException {
        for (StoredScreenshot screenshot : step.screenshots()) {
            String name = name(step.stepNumber(), screenshot);
            if (!names.containsKey(screenshot.screenshotPath()) && copy(screenshot.screenshotPath(), name)) {
                names.put(screenshot.screenshotPath(), name);
            }
        }
    }

    /** Copies an object to a file in the ZIP. Returns false if the object does not exist or no time is left. */
    private boolean copy(String key, String name) throws IOException {
        Optional<InputStream> opened = deadline.hasTimeLeft() ? bucket.open(key) : Optional.empty();
        if (opened.isEmpty()) {
            return false;
        }
        try (InputStream in = opened.get()) {
            zip.putNextEntry(new ZipEntry(name));
            in.transferTo(zip);
        }
        return true;
    }

    private static String name(int stepNumber, StoredScreenshot screenshot) {
        String format = screenshot.format().matches("[a-z0-9]{1,5}") ? screenshot.format() : "bin";
        return String.format(
                Locale.ROOT,
                "screenshots/%06d-%d-%s.%s",
                stepNumber,
                screenshot.screenshotIndex(),
                screenshot.role(),
                format);
    }

    private void writeReport(Language language) throws IOException {
        Writer out = beginEntry("report.html");
        ReportHtml report = new ReportHtml(out, content, language, this, MAX_REPORT_STEPS, false);
        report.begin();
        report.addSteps(steps, step -> step);
        report.end();
        out.flush();
    }

    private Writer beginEntry(String name) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        return new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> source(StoredScreenshot screenshot, boolean key) {
        return Optional.ofNullable(names.get(screenshot.screenshotPath()));
    }

    /** Includes {@code file:}, because a page that is opened from disk has no origin that {@code 'self'} matches. */
    @Override
    public String allowedSources() {
        return "'self' file:";
    }
}
