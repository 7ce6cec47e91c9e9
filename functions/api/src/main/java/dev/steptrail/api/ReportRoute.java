package dev.steptrail.api;

import dev.steptrail.api.json.ReportJson;
import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.Language;
import dev.steptrail.report.ReportContent;
import dev.steptrail.report.ReportMarkdown;
import dev.steptrail.report.StepsCsv;
import dev.steptrail.report.TaskView;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.JudgementReader;
import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.query.ShortStepRepository;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.StepFilter;
import dev.steptrail.store.query.TaskSummariser;
import dev.steptrail.store.usage.Cost;
import dev.steptrail.store.usage.TaskUsage;
import dev.steptrail.store.usage.UsageRepository;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/tasks/{task_id}/report}: returns the report of a task. {@code format} is {@code json} (the default),
 * {@code csv} (one row per step), {@code md}, {@code html} or {@code pdf}. {@code lang} sets the language of Markdown,
 * HTML and PDF: {@code en} (the default) or {@code zh}. With {@code include_model_calls=true}, all formats but JSON
 * contain what the models of the steps received and returned.
 *
 * @param release the version of the function, which may write reports differently from another version
 */
record ReportRoute(
        TaskSummariser summariser,
        JudgementReader judgements,
        UsageRepository usage,
        StepRepository steps,
        ShortStepRepository shortSteps,
        ExportService exports,
        String release) {
    static final Set<String> PARAMETERS = Set.of("format", "lang", "redirect", StepsRoute.MODEL_CALLS);

    private static final List<String> FORMATS = List.of("json", "csv", "md", "html", "pdf");

    /** The maximum length of the steps that are read for a CSV file. Their unknown fields are not part of the file. */
    private static final long MAX_CSV_READ = 32_000_000;

    /** The number of steps of a CSV file that are read at once. */
    private static final int CSV_PAGE = 500;

    /** Returns 304 without reading the steps if the client has the report of the task's current state. */
    Response handle(Request request) {
        TaskView view = request.view();
        Query query = request.query();
        String version = version(view, query);
        return version == null
                ? respond(view, query)
                : ETagFilter.apply(version, request.ifNoneMatch(), () -> respond(view, query));
    }

    private Response respond(TaskView view, Query query) {
        Task task = view.task();
        Language language = query.language();
        boolean redirects = query.redirects();
        boolean calls = query.flag(StepsRoute.MODEL_CALLS) && view.includesModelCalls();
        return switch (format(query)) {
            case "csv" -> Response.file("text/csv; charset=utf-8", task.taskId() + ".csv", csv(view, calls));
            case "md" ->
                Response.file("text/markdown; charset=utf-8", task.taskId() + ".md", markdown(view, language, calls));
            case "html" -> exports.respond(view, language, calls, Format.HTML, redirects);
            case "pdf" -> exports.respond(view, language, calls, Format.PDF, redirects);
            default -> Response.json(ReportJson.write(content(view)));
        };
    }

    /** Returns what determines the response; null for the formats that are stored in the bucket. */
    private @Nullable String version(TaskView view, Query query) {
        String format = format(query);
        Language language = query.language();
        boolean withModelCalls = query.flag(StepsRoute.MODEL_CALLS);
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
                String.valueOf(view.includesJudgements()),
                String.valueOf(view.includesModelCalls()),
                String.valueOf(withModelCalls),
                summariser.revision(view.task(), view.includesComparisons()));
    }

    private static String format(Query query) {
        return query.oneOf("format", FORMATS);
    }

    private ReportContent content(TaskView view) {
        Task task = view.task();
        TaskSummary summary =
                view.includesComparisons() ? summariser.summariseWithComparison(task) : summariser.summarise(task);
        TaskJudgements ofTask = view.includesJudgements() ? judgements.read(task.taskId()) : TaskJudgements.NONE;
        return new ReportContent(task, view.filter(summary), view.filter(ofTask), usage(view));
    }

    private @Nullable TaskUsage usage(TaskView view) {
        return view.includesModelCalls() ? usage.ofTask(view.task().taskId()).orElse(null) : null;
    }

    private String csv(TaskView view, boolean withModelCalls) {
        StepsCsv csv = new StepsCsv(withModelCalls);
        long read = 0;
        Integer after = null;
        Page<StoredStep> page;
        do {
            page = steps.page(view.task().taskId(), StepFilter.ALL, true, after, CSV_PAGE);
            Map<Integer, Cost> costs = StepsRoute.costs(view, page.items(), usage);
            for (StoredStep step : page.items()) {
                after = step.stepNumber();
                read += step.length();
                if (read > MAX_CSV_READ) {
                    csv.omit(after);
                    return csv.text();
                }
                if (!csv.add(view.filter(step, withModelCalls), costs.get(after))) {
                    return csv.text();
                }
            }
        } while (page.hasMore());
        return csv.text();
    }

    private String markdown(TaskView view, Language language, boolean withModelCalls) {
        ReportMarkdown markdown = new ReportMarkdown(content(view), language, withModelCalls);
        shortSteps.visit(
                view.task().taskId(),
                ReportMarkdown.MAX_TEXT_LENGTH,
                withModelCalls,
                view.includesSensitive(),
                markdown::add);
        return markdown.text();
    }
}
