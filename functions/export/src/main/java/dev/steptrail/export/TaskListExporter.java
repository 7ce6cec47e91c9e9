package dev.steptrail.export;

import dev.steptrail.report.TasksExportKey;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.TaskRepository;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Exports many tasks to the bucket as JSON Lines, newest first, with one page of steps in memory at a time. The audit log records the
 * caller as reader of the tasks before the export is complete.
 */
final class TaskListExporter {
    private static final int TASKS_AT_ONCE = 200;

    private final TaskRepository tasks;
    private final StepRepository steps;
    private final AuditLog audit;
    private final ExportBucket bucket;

    TaskListExporter(Database database, ExportBucket bucket) {
        this.tasks = new TaskRepository(database);
        this.steps = new StepRepository(database);
        this.audit = new AuditLog(database);
        this.bucket = bucket;
    }

    /**
     * Makes the export. Does nothing if a matching task was deleted since the request.
     *
     * @throws Deadline.TooLargeException if the tasks cannot be exported within the time limit
     */
    void of(TasksExportKey export, Deadline time) throws IOException {
        String key = export.key();
        if (isOutdated(export) || bucket.has(key)) {
            return;
        }
        try (MultipartUpload upload = bucket.upload(key, TasksExportKey.CONTENT_TYPE, export.disposition())) {
            write(export, time, upload);
            upload.complete();
        }
        if (isOutdated(export)) {
            bucket.delete(key); // it may contain a task that was deleted in the meantime
        }
    }

    private boolean isOutdated(TasksExportKey export) {
        return tasks.countDeleted(export.filter()) != export.deleted();
    }

    private void write(TasksExportKey export, Deadline time, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        RecordWriter records = new RecordWriter(writer);
        TaskRepository.Key after = null;
        Page<Task> page;
        do {
            page = tasks.page(export.filter(), after, TASKS_AT_ONCE);
            audit.recordReads(export.caller(), "read_export", page.items());
            for (Task task : page.items()) {
                time.check();
                write(task, records, time);
                after = TaskRepository.Key.of(task);
            }
        } while (page.hasMore());
        writer.flush();
    }

    private void write(Task task, RecordWriter records, Deadline time) throws IOException {
        records.begin(task);
        steps.<IOException>visit(task.taskId(), step -> {
            time.check();
            records.add(task, step);
            return true;
        });
        records.end(task);
    }
}
