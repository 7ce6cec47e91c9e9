package dev.steptrail.export;

import dev.steptrail.report.TasksExportRequest;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.JudgementReader;
import dev.steptrail.store.judgements.JudgementReader.AllJudgements;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.usage.TaskUsage;
import dev.steptrail.store.usage.UsageRepository;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Exports many tasks to the bucket as JSON Lines, newest first, with one page of steps in memory at a time. Records in
 * the audit log that the caller read a page of tasks before it writes the page. A statement searches a limited number
 * of tasks, so that the time limit also applies if few tasks match.
 */
final class TaskListExporter {
    private static final int PAGE_SIZE = 200;

    private final TaskRepository tasks;
    private final StepRepository steps;
    private final JudgementReader judgements;
    private final UsageRepository usage;
    private final AuditLog audit;
    private final ExportBucket bucket;

    TaskListExporter(Database database, ExportBucket bucket) {
        this.tasks = new TaskRepository(database);
        this.steps = new StepRepository(database);
        this.judgements = new JudgementReader(database);
        this.usage = new UsageRepository(database);
        this.audit = new AuditLog(database);
        this.bucket = bucket;
    }

    /**
     * Creates the export. Does nothing if the export exists, or if a matching task was deleted since the request.
     *
     * @throws Deadline.ExportTooLargeException if the tasks cannot be exported within the time limit
     */
    void export(TasksExportRequest request, Deadline deadline) throws IOException {
        String key = request.key();
        if (isOutdated(request) || bucket.exists(key)) {
            return;
        }
        try (MultipartUpload upload = bucket.openUpload(key, TasksExportRequest.CONTENT_TYPE, request.disposition())) {
            write(request, deadline, upload);
            upload.complete();
        }
        if (isOutdated(request)) {
            bucket.delete(key); // the export may contain the task that was deleted in the meantime
        }
    }

    private boolean isOutdated(TasksExportRequest request) {
        return tasks.countDeleted(request.filter()) != request.deleted();
    }

    private void write(TasksExportRequest request, Deadline deadline, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        RecordWriter records = new RecordWriter(writer);
        TaskFilter filter = request.filter();
        TaskRepository.Key after = null;
        TaskRepository.Key end = null;
        Page<Task> page;
        do {
            deadline.check();
            // At the start, and when all tasks up to the end are searched.
            if (filter.isSearch() && Objects.equals(after, end)) {
                end = tasks.findSearchEnd(filter, after).orElse(null);
            }
            page = tasks.page(filter, after, end, PAGE_SIZE);
            audit.recordReads(
                    request.caller(),
                    "read_export",
                    page.items().stream().collect(Collectors.toMap(Task::taskId, Task::owner)));
            List<UUID> ids = page.items().stream().map(Task::taskId).toList();
            Function<UUID, AllJudgements> judgementsOfPage = judgements.readAll(ids);
            Map<UUID, TaskUsage> usageOfPage = usage.ofTasks(ids);
            for (Task task : page.items()) {
                deadline.check();
                writeRecords(task, records, deadline);
                AllJudgements ofTask = judgementsOfPage.apply(task.taskId());
                TaskUsage tokens = usageOfPage.get(task.taskId());
                if (RecordWriter.hasJudgements(task, ofTask, tokens)) {
                    records.addJudgements(task, ofTask, tokens);
                }
                after = TaskRepository.Key.of(task);
            }
            if (!page.hasMore()) {
                after = end;
            }
        } while (page.hasMore() || end != null);
        writer.flush();
    }

    private void writeRecords(Task task, RecordWriter records, Deadline deadline) throws IOException {
        records.begin(task);
        steps.<IOException>visit(task.taskId(), step -> {
            deadline.check();
            records.add(task, step);
            return true;
        });
        records.end(task);
    }
}
