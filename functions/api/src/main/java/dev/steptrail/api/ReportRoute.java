package dev.steptrail.api;

import dev.steptrail.api.json.ReportJson;
import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.Language;
import dev.steptrail.report.ReportMarkdown;
import dev.steptrail.report.StepsCsv;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.TaskSummariser;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/tasks/{task_id}/report}: returns the report of a task. {@code format} is {@code json} (the default),
 * {@code csv} (one row per step), {@code md}, {@code html} or {@code pdf}. {@code lang} sets the language of Markdown,
 * HTML and PDF: {@code en} (the default) or {@code zh}.
 *
 * @param release the version of the function, which may write reports differently from another version
 */
record ReportRoute(TaskSummariser summariser, StepRepository steps, ExportService exports, String release) {
    private static final List<String> FORMATS = List.of("json", "csv", "md", "html", "pdf");

    /** The formats for readers who may not see everything. HTML and PDF are stored, and the same for all readers. */
    private static final List<String> FILTERED_FORMATS = List.of("json", "csv", "md");

    /** The maximum length of the steps that are read for a CSV file. Their unknown fields are not part of the file. */
    private static final long MAX_CSV_READ = 32_000_000;

    Response handle(TaskView view, Query query) {
        Task task = view.task();
        Language language = query.language();
        boolean redirects = query.redirects();
        return switch (format(view, query)) {
            case "csv" -> Response.file("text/csv; charset=utf-8", task.taskId() + ".csv", csv(view));
            case "md" -> Response.file("text/markdown; charset=utf-8", task.taskId() + ".md", markdown(view, language));
            case "html" -> exports.respond(task, language, Format.HTML, redirects);
            case "pdf" -> exports.respond(task, language, Format.PDF, redirects);
            default -> json(task, summary(view));
        };
    }

    /** Returns what determines the response; null for the formats that are stored in the bucket. */
    @Nullable
    String version(TaskView view, Query query) {
        String format = format(view, query);
        Language language = query.language();
        query.redirects(); // rejects an invalid value, also if the response is a 304
        if (format.equals("html") || format.equals("pdf")) {
            return null;
        }
        return String.join(
                "|",
                release,
                format,
                language.code(),
                String.valueOf(view.includesSensitive()),
                String.valueOf(view.includesDetails()),
                summariser.revision(view.task(), view.includesComparisons()));
    }

    private static String format(TaskView view, Query query) {
        return query.oneOf("format", view.isComplete() ? FORMATS : FILTERED_FORMATS);
    }

    private static Response json(Task task, TaskSummary summary) {
        return Response.json(ReportJson.write(task, summary));
    }

    private TaskSummary summary(TaskView view) {
        Task task = view.task();
        return view.filter(
                view.includesComparisons() ? summariser.summariseWithComparison(task) : summariser.summarise(task));
    }

    private String csv(TaskView view) {
        StepsCsv csv = new StepsCsv();
        long[] read = {0};
        steps.visit(view.task().taskId(), step -> {
            read[0] += step.length();
            if (read[0] > MAX_CSV_READ) {
                csv.omit(step.stepNumber());
                return false;
            }
            return csv.add(view.filter(step));
        });
        return csv.text();
    }

    private String markdown(TaskView view, Language language) {
        ReportMarkdown markdown = new ReportMarkdown(view.task(), summary(view), language);
        steps.visitShort(view.task().taskId(), ReportMarkdown.MAX_TEXT_LENGTH, markdown::add);
        return markdown.text();
    }
}
