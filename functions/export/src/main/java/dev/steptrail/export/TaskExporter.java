package dev.steptrail.export;

import dev.steptrail.report.ExportKey;
import dev.steptrail.report.ReportContent;
import dev.steptrail.report.ReportHtml;
import dev.steptrail.report.ScreenshotSource;
import dev.steptrail.report.TaskView;
import dev.steptrail.store.admin.ShareRepository.Contents;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.JudgementReader;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.query.TaskSummariser;
import dev.steptrail.store.usage.UsageRepository;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Exports a task to the bucket as ZIP, HTML or PDF. Idempotent: an existing export is kept. */
final class TaskExporter {
    private static final int MAX_HTML_STEPS = 5000;
    private static final long HTML_SCREENSHOT_BUDGET = 32 * 1024 * 1024; // characters of data URIs

    /** Lower than for HTML, because a PDF is rendered in memory. */
    private static final int MAX_PDF_STEPS = 1000;

    private static final long PDF_SCREENSHOT_BUDGET = 24 * 1024 * 1024; // characters of data URIs

    /** Audit records of exports have the reader who requested them. */
    private static final String READER = "export";

    private final TaskRepository tasks;
    private final StepRepository steps;
    private final ScreenshotRepository screenshots;
    private final TaskSummariser summariser;
    private final JudgementReader judgements;
    private final UsageRepository usage;
    private final ExportBucket bucket;

    TaskExporter(Database database, ExportBucket bucket) {
        this.tasks = new TaskRepository(database);
        this.steps = new StepRepository(database);
        this.screenshots = new ScreenshotRepository(database);
        this.summariser = new TaskSummariser(database);
        this.judgements = new JudgementReader(database);
        this.usage = new UsageRepository(database);
        this.bucket = bucket;
    }

    /** Creates the export. Does nothing if the export exists, or if the task does not exist or has another owner. */
    void export(ExportKey key, Deadline deadline) throws IOException {
        Optional<Task> task = tasks.find(key.taskId()).filter(key::matches);
        if (task.isEmpty() || bucket.exists(key.key())) {
            return;
        }
        try (MultipartUpload upload = bucket.openUpload(
                key.key(), key.format().contentType(), key.format().disposition(key.taskId()))) {
            write(task.get(), key, deadline, upload);
            upload.complete();
        }
        if (tasks.find(key.taskId()).isEmpty()) {
            bucket.delete(key.key()); // the task was deleted before this export was in the bucket
        }
    }

    private void write(Task task, ExportKey key, Deadline deadline, OutputStream out) throws IOException {
        TaskView view = TaskView.shared(task, key.contents(), READER);
        ReportContent content = new ReportContent(
                view.task(),
                view.filter(summariser.summarise(task)),
                view.filter(judgements.read(task.taskId())),
                view.includesModelCalls() ? usage.ofTask(task.taskId()).orElse(null) : null);
        switch (key.format()) {
            case ZIP ->
                new ZipExport(steps, screenshots, bucket, content, deadline, out)
                        .write(key.language(), judgements.readAll(task.taskId()));
            case HTML -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                ScreenshotSource source =
                        new EmbeddedScreenshots(bucket, DataUris::asStored, HTML_SCREENSHOT_BUDGET, deadline);
                writeHtml(writer, content, view, key, source, MAX_HTML_STEPS);
                writer.flush();
            }
            case PDF -> {
                StringBuilder html = new StringBuilder();
                ScreenshotSource source =
                        new EmbeddedScreenshots(bucket, DataUris::asJpeg, PDF_SCREENSHOT_BUDGET, deadline);
                writeHtml(html, content, view, key, source, MAX_PDF_STEPS);
                PdfRenderer.render(html.toString(), out);
            }
        }
    }

    private void writeHtml(
            Appendable out, ReportContent content, TaskView view, ExportKey key, ScreenshotSource source, int maxSteps)
            throws IOException {
        ReportHtml report = new ReportHtml(out, content, key.language(), source, maxSteps, key.withModelCalls());
        report.begin();
        report.addSteps(steps, step -> visible(step, view, key.withModelCalls()));
        report.end();
    }

    /**
     * Returns what the readers may see of a step. The keys of its screenshots, which a report does not contain, are
     * kept.
     */
    private static StoredStep visible(StoredStep step, TaskView view, boolean withModelCall) {
        return view.contents().equals(Contents.ALL)
                ? step
                : view.filter(step, withModelCall).withScreenshots(view.filter(step.screenshots()));
    }
}
