package dev.steptrail.api;

import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.QueueSender;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.RejectedMessageRepository;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.experiments.ExperimentRepository;
import dev.steptrail.store.insights.InsightRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.BulkRepository;
import dev.steptrail.store.judgements.JudgementReader;
import dev.steptrail.store.judgements.NoteRepository;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.AttachmentRepository;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.ShortStepRepository;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.query.TaskSummariser;
import dev.steptrail.store.query.TaskValues;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.MaintenanceRuns;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.statistics.StatisticsQuery;
import dev.steptrail.store.statistics.TaskGroupQuery;
import dev.steptrail.store.usage.PriceRepository;
import dev.steptrail.store.usage.UsageRepository;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Builds the table of routes by API Gateway's route key, such as {@code GET /api/tasks/{task_id}}. */
final class Routes {
    /** The parameters of a paged list. */
    private static final Set<String> PAGE = Set.of("limit", "cursor");

    private final Map<String, Route> routes = new HashMap<>();
    private final Database database;
    private final BucketReader bucket;
    private final ScreenshotUrls urls;
    private final ExportService exports;
    private final QueueSender jobsQueue;
    private final ReadAuditor auditor;
    private final InstantSource clock;
    private final UsageRepository usage;
    private final TaskRoutes taskRoutes;

    Routes(
            Database database,
            BucketReader bucket,
            ScreenshotUrls urls,
            ExportService exports,
            QueueSender jobsQueue,
            ReadAuditor auditor,
            InstantSource clock) {
        this.database = database;
        this.bucket = bucket;
        this.urls = urls;
        this.exports = exports;
        this.jobsQueue = jobsQueue;
        this.auditor = auditor;
        this.clock = clock;
        this.usage = new UsageRepository(database);
        this.taskRoutes = new TaskRoutes(new TaskDeletion(database), new ArchiveRepository(database), usage, exports);
    }

    /** @throws IllegalArgumentException if a setting of the pages is missing or invalid; the message names it */
    Map<String, Route> build(Settings settings) {
        routes.putAll(new ViewerPages(settings).routes());
        addPublicRoutes(settings);
        addUserRoutes(MaintenanceSchedule.of(settings, database));
        addReaderRoutes(settings.optional("AWS_LAMBDA_FUNCTION_VERSION", ""));
        addOwnerRoutes();
        JobRoutes jobs = new JobRoutes(
                new JobRepository(database),
                new RejectedMessageRepository(database),
                new TaskRepository(database),
                jobsQueue);
        addJudgementRoutes();
        addBulkRoutes(jobs);
        addPriceRoutes();
        addAdminRoutes(jobs);
        return routes;
    }

    private void addPublicRoutes(Settings settings) {
        routes.put("GET /health", new Route.PublicRoute(Set.of(), () -> {
            database.check();
            return Response.noStoreJson(Map.of("status", "ok"));
        }));
        Map<String, String> signIn = Map.of(
                "issuer", settings.required("STEPTRAIL_ISSUER"),
                "client_id", settings.required("STEPTRAIL_CLIENT_ID"));
        routes.put("GET /api/sign-in", new Route.PublicRoute(Set.of(), () -> Response.noStoreJson(signIn)));
    }

    private void addUserRoutes(MaintenanceSchedule schedule) {
        AuditLog audit = new AuditLog(database);
        ListIncludes includes =
                new ListIncludes(new ScreenshotRepository(database), new StepRepository(database), urls, auditor);
        TaskListRoutes tasks = new TaskListRoutes(new TaskRepository(database), usage, includes, audit, exports);
        InsightsRoute insights = new InsightsRoute(new InsightRepository(database), schedule);
        StatsRoute stats = new StatsRoute(
                new StatisticsQuery(database),
                new TaskGroupQuery(database),
                new TaskRepository(database),
                schedule,
                clock);
        ExperimentRoutes experiments = new ExperimentRoutes(new ExperimentRepository(database));
        routes.put("GET /api/me", new Route.UserRoute(Set.of(), (caller, query) -> Response.noStoreJson(caller)));
        routes.put("GET /api/tasks", new Route.UserRoute(TaskListRoutes.PARAMETERS, tasks::list));
        routes.put(
                "GET /api/tasks/values",
                new Route.UserRoute(TaskValuesRoute.PARAMETERS, new TaskValuesRoute(new TaskValues(database))::handle));
        routes.put("GET /api/export", new Route.UserRoute(TaskListRoutes.EXPORT_PARAMETERS, tasks::export));
        routes.put("GET /api/audit", new Route.UserRoute(AuditRoute.PARAMETERS, new AuditRoute(audit)::handle));
        routes.put("GET /api/insights", new Route.UserRoute(InsightsRoute.PARAMETERS, insights::handle));
        routes.put("GET /api/stats", new Route.UserRoute(StatsRoute.PARAMETERS, stats::handle));
        routes.put("GET /api/experiments", new Route.UserRoute(ExperimentRoutes.LIST_PARAMETERS, experiments::list));
        routes.put(
                "GET /api/experiments/{name+}", // greedy, because a name may contain slashes
                new Route.ItemRoute(ExperimentRoutes.PARAMETERS, experiments::get));
    }

    /**
     * Adds the routes for users, and the same under {@code /api/shared} for readers with a share link.
     *
     * @param release the version of the function
     */
    private void addReaderRoutes(String release) {
        StepRepository steps = new StepRepository(database);
        ReportRoute report = new ReportRoute(
                new TaskSummariser(database),
                new JudgementReader(database),
                usage,
                steps,
                new ShortStepRepository(database),
                exports,
                release);
        ScreenshotRoutes screenshots = new ScreenshotRoutes(new ScreenshotRepository(database), urls, bucket);
        Map<String, Route> shared = Map.of(
                "/tasks/{task_id}",
                new Route.TaskRoute(Set.of(), null, taskRoutes::get),
                "/tasks/{task_id}/steps",
                new Route.TaskRoute(StepsRoute.PARAMETERS, "read_steps", new StepsRoute(steps, usage)::handle),
                "/tasks/{task_id}/report",
                new Route.TaskRoute(ReportRoute.PARAMETERS, "read_report", report::version, report::handle),
                "/tasks/{task_id}/screenshots",
                new Route.TaskRoute(Set.of("cursor", "min_number"), "read_screenshots", screenshots::list));
        shared.forEach((path, route) -> {
            routes.put("GET /api" + path, route);
            routes.put("GET /api/shared" + path, new Route.SharedRoute(route));
        });
        routes.put(
                "GET /api/steps/{step_id}/screenshot",
                new Route.StepRoute(Set.of("role", "redirect"), "read_screenshot", screenshots::get));
        routes.put(
                "GET /api/shared/steps/{step_id}/screenshot",
                new Route.SharedRoute(new Route.StepRoute(
                        Set.of("role", "index", "thumbnail", "redirect"), "read_screenshot", screenshots::get)));
        Route attachment = new Route.StepRoute(
                AttachmentRoute.PARAMETERS,
                "read_attachment",
                new AttachmentRoute(new AttachmentRepository(database), urls, bucket)::handle);
        routes.put("GET /api/steps/{step_id}/attachment", attachment);
        routes.put("GET /api/shared/steps/{step_id}/attachment", new Route.SharedRoute(attachment));
    }

    private void addOwnerRoutes() {
        ShareRoutes shares = new ShareRoutes(new ShareRepository(database));
        routes.put(
                "GET /api/tasks/{task_id}/export",
                new Route.TaskRoute(Set.of("lang", "redirect"), "read_export", taskRoutes::export));
        addOwnerRoute("DELETE /api/tasks/{task_id}", Set.of(), taskRoutes::delete);
        addOwnerRoute("PUT /api/tasks/{task_id}/keep", Set.of(), taskRoutes::setKeep);
        addOwnerRoute("POST /api/tasks/{task_id}/shares", Set.of(), shares::create);
        addOwnerRoute("GET /api/tasks/{task_id}/shares", PAGE, shares::list);
        addOwnerRoute("DELETE /api/tasks/{task_id}/shares/{share_id}", Set.of(), shares::revoke);
    }

    private void addJudgementRoutes() {
        VerdictRoutes verdicts = new VerdictRoutes(new VerdictRepository(database));
        TagRoutes tags = new TagRoutes(new TagRepository(database), usage);
        StepLabelRoutes labels = new StepLabelRoutes(new StepLabelRepository(database));
        NoteRoutes notes = new NoteRoutes(new NoteRepository(database));
        addOwnerRoute("GET /api/tasks/{task_id}/verdicts", PAGE, verdicts::list);
        addOwnerRoute("PUT /api/tasks/{task_id}/verdicts", Set.of(), verdicts::set);
        addOwnerRoute("DELETE /api/tasks/{task_id}/verdicts/{verdict_id}", Set.of(), verdicts::delete);
        addOwnerRoute("PUT /api/tasks/{task_id}/tags/{tag}", Set.of(), tags::add);
        addOwnerRoute("DELETE /api/tasks/{task_id}/tags/{tag}", Set.of(), tags::remove);
        addOwnerRoute("GET /api/tasks/{task_id}/labels", PAGE, labels::list);
        routes.put("PUT /api/steps/{step_id}/labels/{label}", new Route.OwnerStepRoute(Set.of(), labels::add));
        routes.put("DELETE /api/steps/{step_id}/labels/{label}", new Route.OwnerStepRoute(Set.of(), labels::remove));
        addOwnerRoute("GET /api/tasks/{task_id}/notes", PAGE, notes::list);
        addOwnerRoute("POST /api/tasks/{task_id}/notes", Set.of(), notes::add);
        addOwnerRoute("PUT /api/tasks/{task_id}/notes/{note_id}", Set.of(), notes::edit);
        addOwnerRoute("DELETE /api/tasks/{task_id}/notes/{note_id}", Set.of(), notes::delete);
    }

    private void addPriceRoutes() {
        PriceRoutes prices = new PriceRoutes(new PriceRepository(database));
        routes.put("GET /api/prices", new Route.UserRoute(PAGE, prices::list));
        addAdminRoute("PUT /api/admin/prices", Set.of(), prices::set);
        addAdminRoute("DELETE /api/admin/prices", PriceRoutes.DELETE_PARAMETERS, prices::delete);
    }

    private void addOwnerRoute(String key, Set<String> parameters, BiFunction<Request, Task, Response> handler) {
        routes.put(key, new Route.OwnerRoute(parameters, handler));
    }

    private void addBulkRoutes(JobRoutes jobs) {
        BulkRoutes bulk = new BulkRoutes(new TaskRepository(database), new BulkRepository(database), jobs);
        routes.put("POST /api/bulk/tags", new Route.ItemRoute(Set.of(), bulk::changeTags));
        routes.put("POST /api/bulk/verdicts", new Route.ItemRoute(Set.of(), bulk::setVerdicts));
        routes.put("GET /api/jobs/{job_id}", new Route.ItemRoute(Set.of(), jobs::get));
    }

    private void addAdminRoutes(JobRoutes jobs) {
        AgentRoutes agents = new AgentRoutes(new AgentRepository(database));
        RejectedMessageRepository messages = new RejectedMessageRepository(database);
        RejectedRoutes rejected = new RejectedRoutes(messages, new AuditLog(database));
        MaintenanceRoutes maintenance = new MaintenanceRoutes(new MaintenanceRuns(database));
        addAdminRoute("POST /api/admin/restore", Set.of(), jobs::restore);
        addAdminRoute("GET /api/admin/maintenance", Query.union(PAGE, "kind"), maintenance::list);
        addAdminRoute("GET /api/admin/agents", PAGE, agents::list);
        addAdminRoute("PUT /api/admin/agents/{sender_id}", Set.of(), agents::register);
        addAdminRoute("DELETE /api/admin/agents/{sender_id}", Set.of(), agents::remove);
        addAdminRoute("GET /api/admin/unregistered-senders", PAGE, agents::unregistered);
        addAdminRoute("GET /api/admin/rejected", Query.union(PAGE, "owner", "sender_id", "task_id"), rejected::list);
        addAdminRoute("GET /api/admin/rejected/{id}", Set.of(), rejected::get);
        addAdminRoute("POST /api/admin/rejected/{id}/retry", Set.of(), jobs::retryRejected);
        addAdminRoute("DELETE /api/admin/rejected/{id}", Set.of(), rejected::discard);
    }

    private void addAdminRoute(String key, Set<String> parameters, Function<Request, Response> handler) {
        routes.put(key, new Route.AdminRoute(parameters, handler));
    }
}
