package dev.steptrail.export;

import dev.steptrail.report.ExportKey;
import dev.steptrail.report.Language;
import dev.steptrail.report.Pictures;
import dev.steptrail.report.ReportHtml;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.FindTask;
import dev.steptrail.store.query.ListScreenshots;
import dev.steptrail.store.query.ListSteps;
import dev.steptrail.store.query.SummariseTask;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes an export and puts it into the bucket. To do it again is harmless: what is there already stays. */
final class MakeExport {
    private static final int MAX_STEPS_OF_HTML = 5000;
    private static final long ROOM_OF_HTML = 32 * 1024 * 1024;

    /** The whole of a PDF is in memory while it is rendered. */
    private static final int MAX_STEPS_OF_PDF = 1000;

    private static final long ROOM_OF_PDF = 24 * 1024 * 1024;

    private final FindTask findTask;
    private final ListSteps steps;
    private final ListScreenshots screenshots;
    private final SummariseTask summarise;
    private final ExportBucket bucket;

    MakeExport(Database database, ExportBucket bucket) {
        this.findTask = new FindTask(database);
        this.steps = new ListSteps(database);
        this.screenshots = new ListScreenshots(database);
        this.summarise = new SummariseTask(database);
        this.bucket = bucket;
    }

    /** Makes it, unless its task was deleted. */
    void of(ExportKey key, TimeLeft time) throws IOException {
        Optional<Task> task = findTask.byId(key.taskId()).filter(key::isOf);
        if (task.isEmpty() || bucket.has(key.key())) {
            return;
        }
        try (MultipartUpload upload = bucket.upload(
                key.key(), key.format().contentType(), key.format().disposition(key.taskId()))) {
            write(task.get(), key, time, upload);
            upload.complete();
        }
        if (findTask.byId(key.taskId()).isEmpty()) {
            bucket.delete(key.key()); // it was deleted meanwhile, with the exports that were there
        }
    }

    private void write(Task task, ExportKey key, TimeLeft time, OutputStream out) throws IOException {
        switch (key.format()) {
            case ZIP ->
                new ZipExport(steps, screenshots, bucket, task, time, out).write(summarise.of(task), key.language());
            case HTML -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                Pictures pictures = new EmbeddedPictures(bucket, new StoredForm(), ROOM_OF_HTML, time);
                writeHtml(writer, task, key.language(), pictures, MAX_STEPS_OF_HTML);
                writer.flush();
            }
            case PDF -> {
                StringBuilder html = new StringBuilder();
                Pictures pictures = new EmbeddedPictures(bucket, new JpegForm(), ROOM_OF_PDF, time);
                writeHtml(html, task, key.language(), pictures, MAX_STEPS_OF_PDF);
                PdfPage.write(html.toString(), out);
            }
        }
    }

    private void writeHtml(Appendable out, Task task, Language language, Pictures pictures, int maxSteps)
            throws IOException {
        ReportHtml report = new ReportHtml(out, task, summarise.of(task), language, pictures, maxSteps);
        report.begin();
        steps.<IOException>each(task.taskId(), report::add);
        report.end();
    }
}
