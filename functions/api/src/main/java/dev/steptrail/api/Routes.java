package dev.steptrail.api;

import dev.steptrail.api.Route.Access;
import dev.steptrail.api.Route.Names;
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
import org.jspecify.annotations.Nullable;

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
        this.clock = clock;
        this.usage = new UsageRepository(database);
        this.taskRoutes = new TaskRoutes(
                new TaskRepository(database),
                new TaskValues(database),
                new TaskDeletion(database),
                new ArchiveRepository(database),
                usage,
                new ListIncludes(new ScreenshotRepository(database), new StepRepository(database), urls, auditor),
                new AuditLog(database),
                exports);
    }

    /** @throws IllegalArgumentException if a setting of the pages is missing or invalid; the message names it */
    Map<String, Route> build(Settings settings) {
        routes.putAll(new ViewerPages(settings).routes());
        addPublicRoutes(settings);
        MaintenanceSchedule maintenance = MaintenanceSchedule.of(settings, database);
        addUserRoutes(maintenance);
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
        addAdminRoutes(jobs, maintenance);
        return routes;
    }

    private void addPublicRoutes(Settings settings) {
        routes.put("GET /health", new Route(Access.PUBLIC, Set.of(), Names.OTHER, request -> {
            database.check();
            return Response.noStoreJson(Map.of("status", "ok"));
        }));
        Map<String, String> signIn = Map.of(
                "issuer", settings.required("STEPTRAIL_ISSUER"),
                "client_id", settings.required("STEPTRAIL_CLIENT_ID"));
        routes.put(
                "GET /api/sign-in",
                new Route(Access.PUBLIC, Set.of(), Names.OTHER, request -> Response.noStoreJson(signIn)));
    }

    private void addUserRoutes(MaintenanceSchedule schedule) {
        StatsRoutes stats = new StatsRoutes(
                new InsightRepository(database),
                new StatisticsQuery(database),
                new TaskGroupQuery(database),
                new TaskRepository(database),
                schedule,
                clock);
        ExperimentRoutes experiments = new ExperimentRoutes(new ExperimentRepository(database));
        addListRoute("GET /api/me", Set.of(), (caller, query) -> Response.noStoreJson(caller));
        addListRoute("GET /api/tasks", TaskRoutes.PARAMETERS, taskRoutes::list);
        addListRoute("GET /api/tasks/values", TaskRoutes.VALUES_PARAMETERS, taskRoutes::listValues);
        addListRoute("GET /api/export", TaskRoutes.EXPORT_PARAMETERS, taskRoutes::exportTasks);
        addListRoute("GET /api/audit", AuditRoute.PARAMETERS, new AuditRoute(new AuditLog(database))::handle);
        addListRoute("GET /api/insights", StatsRoutes.INSIGHT_PARAMETERS, stats::listInsights);
        addListRoute("GET /api/stats", StatsRoutes.PARAMETERS, stats::getStats);
        addListRoute("GET /api/experiments", ExperimentRoutes.LIST_PARAMETERS, experiments::list);
        // Greedy, because a name may contain slashes.
        addUserRoute("GET /api/experiments/{name+}", ExperimentRoutes.PARAMETERS, experiments::get);
    }

    /** Adds a route for signed-in callers, about all of their tasks. */
    private void addListRoute(String key, Set<String> parameters, BiFunction<Caller, Query, Response> handler) {
        addUserRoute(key, parameters, request -> handler.apply(request.caller(), request.query()));
    }

    private void addUserRoute(String key, Set<String> parameters, Route.Handler handler) {
        routes.put(key, new Route(Access.USER, parameters, Names.OTHER, handler));
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
        StepFileRoutes files = new StepFileRoutes(
                new ScreenshotRepository(database), new AttachmentRepository(database), urls, bucket);
        StepsRoute stepsRoute = new StepsRoute(steps, usage);
        addReaderRoutes("/tasks/{task_id}", Set.of(), Names.TASK, null, taskRoutes::get);
        addReaderRoutes("/tasks/{task_id}/steps", StepsRoute.PARAMETERS, Names.TASK, "read_steps", stepsRoute::handle);
        addReaderRoutes("/tasks/{task_id}/report", ReportRoute.PARAMETERS, Names.TASK, "read_report", report::handle);
        addReaderRoutes(
                "/tasks/{task_id}/screenshots",
                Set.of("cursor", "min_number"),
                Names.TASK,
                "read_screenshots",
                files::listScreenshots);
        addReaderRoutes(
                "/steps/{step_id}/attachment",
                StepFileRoutes.ATTACHMENT_PARAMETERS,
                Names.STEP,
                "read_attachment",
                files::getStepAttachment);
        addReaderRoutes(
                "/tasks/{task_id}/attachment",
                StepFileRoutes.ATTACHMENT_PARAMETERS,
                Names.TASK,
                "read_attachment",
                files::getTaskAttachment);
        Set<String> parameters = Set.of("role", "redirect");
        routes.put(
                "GET /api/steps/{step_id}/screenshot",
                new Route(Access.USER, parameters, Names.STEP, "read_screenshot", files::getScreenshot));
        routes.put(
                "GET /api/shared/steps/{step_id}/screenshot",
                new Route(
                        Access.SHARE_LINK,
                        Query.union(parameters, "index", "thumbnail"),
                        Names.STEP,
                        "read_screenshot",
                        files::getScreenshot));
    }

    /** Adds the route for users, and that for readers with a share link. */
    private void addReaderRoutes(
            String path, Set<String> parameters, Names names, @Nullable String action, Route.Handler handler) {
        routes.put("GET /api" + path, new Route(Access.USER, parameters, names, action, handler));
        routes.put("GET /api/shared" + path, new Route(Access.SHARE_LINK, parameters, names, action, handler));
    }

    private void addOwnerRoutes() {
        ShareRoutes shares = new ShareRoutes(new ShareRepository(database));
        routes.put(
                "GET /api/tasks/{task_id}/export",
                new Route(Access.USER, Set.of("lang", "redirect"), Names.TASK, "read_export", taskRoutes::exportTask));
        addOwnerRoute("DELETE /api/tasks/{task_id}", Set.of(), taskRoutes::delete);
        addOwnerRoute("PUT /api/tasks/{task_id}/keep", Set.of(), taskRoutes::setKeep);
        addOwnerRoute("POST /api/tasks/{task_id}/shares", Set.of(), shares::create);
        addOwnerRoute("GET /api/tasks/{task_id}/shares", PAGE, shares::list);
        addOwnerRoute("DELETE /api/tasks/{task_id}/shares/{share_id}", Set.of(), shares::revoke);
    }

    private void addJudgementRoutes() {
        VerdictRoutes verdicts = new VerdictRoutes(new VerdictRepository(database));
        TagRoutes tags = new TagRoutes(new TagRepository(database), new StepLabelRepository(database), usage);
        NoteRoutes notes = new NoteRoutes(new NoteRepository(database));
        addOwnerRoute("GET /api/tasks/{task_id}/verdicts", PAGE, verdicts::list);
        addOwnerRoute("PUT /api/tasks/{task_id}/verdicts", Set.of(), verdicts::set);
        addOwnerRoute("DELETE /api/tasks/{task_id}/verdicts/{verdict_id}", Set.of(), verdicts::delete);
        addOwnerRoute("PUT /api/tasks/{task_id}/tags/{tag}", Set.of(), tags::add);
        addOwnerRoute("DELETE /api/tasks/{task_id}/tags/{tag}", Set.of(), tags::remove);
        addOwnerRoute("GET /api/tasks/{task_id}/labels", PAGE, tags::listLabels);
        routes.put(
                "PUT /api/steps/{step_id}/labels/{label}",
                new Route(Access.USER, Set.of(), Names.STEP, tags::addLabel));
        routes.put(
                "DELETE /api/steps/{step_id}/labels/{label}",
                new Route(Access.USER, Set.of(), Names.STEP, tags::removeLabel));
        addOwnerRoute("GET /api/tasks/{task_id}/notes", PAGE, notes::list);
        addOwnerRoute("POST /api/tasks/{task_id}/notes", Set.of(), notes::add);
        addOwnerRoute("PUT /api/tasks/{task_id}/notes/{note_id}", Set.of(), notes::edit);
        addOwnerRoute("DELETE /api/tasks/{task_id}/notes/{note_id}", Set.of(), notes::delete);
    }

    private void addPriceRoutes() {
        PriceRoutes prices = new PriceRoutes(new PriceRepository(database));
        addListRoute("GET /api/prices", PAGE, prices::list);
        addAdminRoute("PUT /api/admin/prices", Set.of(), prices::set);
        addAdminRoute("DELETE /api/admin/prices", PriceRoutes.DELETE_PARAMETERS, prices::delete);
    }

    private void addOwnerRoute(String key, Set<String> parameters, BiFunction<Request, Task, Response> handler) {
        Route.Handler ofTask = request -> handler.apply(request, request.view().task());
        routes.put(key, new Route(Access.USER, parameters, Names.TASK, ofTask));
    }

    private void addBulkRoutes(JobRoutes jobs) {
        BulkRoutes bulk = new BulkRoutes(new TaskRepository(database), new BulkRepository(database), jobs);
        addUserRoute("POST /api/bulk/tags", Set.of(), bulk::changeTags);
        addUserRoute("POST /api/bulk/verdicts", Set.of(), bulk::setVerdicts);
        addUserRoute("GET /api/jobs/{job_id}", Set.of(), jobs::get);
    }

    private void addAdminRoutes(JobRoutes jobs, MaintenanceSchedule maintenance) {
        AdminRoutes admin = new AdminRoutes(
                new AgentRepository(database), new RejectedMessageRepository(database), new AuditLog(database));
        addAdminRoute("POST /api/admin/restore", Set.of(), jobs::restore);
        addAdminRoute("GET /api/admin/maintenance", Query.union(PAGE, "kind"), maintenance::list);
        addAdminRoute("GET /api/admin/agents", PAGE, admin::listAgents);
        addAdminRoute("PUT /api/admin/agents/{sender_id}", Set.of(), admin::registerAgent);
        addAdminRoute("DELETE /api/admin/agents/{sender_id}", Set.of(), admin::removeAgent);
        addAdminRoute("GET /api/admin/unregistered-senders", PAGE, admin::listUnregisteredSenders);
        addAdminRoute(
                "GET /api/admin/rejected", Query.union(PAGE, "owner", "sender_id", "task_id"), admin::listRejected);
        addAdminRoute("GET /api/admin/rejected/{id}", Set.of(), admin::getRejected);
        addAdminRoute("POST /api/admin/rejected/{id}/retry", Set.of(), jobs::retryRejected);
        addAdminRoute("DELETE /api/admin/rejected/{id}", Set.of(), admin::discardRejected);
    }

    private void addAdminRoute(String key, Set<String> parameters, Route.Handler handler) {
        routes.put(key, new Route(Access.ADMIN, parameters, Names.OTHER, handler));
    }
}
