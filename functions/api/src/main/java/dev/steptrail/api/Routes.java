package dev.steptrail.api;

import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Settings;
import dev.steptrail.ingest.Redelivery;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.RejectedMessageRepository;
import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.insights.InsightRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.query.TaskSummariser;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.MaintenanceRuns;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.statistics.StatisticsQuery;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The table of routes, by API Gateway's route key such as {@code GET /api/tasks/{task_id}}. */
final class Routes {
    /** The parameters of a paged list. */
    private static final Set<String> PAGE = Set.of("limit", "cursor");

    private final Map<String, Route> routes = new HashMap<>();
    private final Database database;
    private final BucketReader bucket;
    private final ScreenshotUrls urls;
    private final Exports exports;
    private final InstantSource clock;
    private final TaskRoutes task;

    Routes(Database database, BucketReader bucket, ScreenshotUrls urls, Exports exports, InstantSource clock) {
        this.database = database;
        this.bucket = bucket;
        this.urls = urls;
        this.exports = exports;
        this.clock = clock;
        this.task = new TaskRoutes(new TaskDeletion(database), new ArchiveRepository(database), exports);
    }

    /** @throws IllegalArgumentException if a setting of the pages is missing or invalid; the message names it */
    Map<String, Route> all(Settings settings) {
        routes.putAll(new Pages(settings).routes());
        addOpen();
        addOfCallers();
        addOfReaders();
        addOfOwners();
        addOfAdmins();
        return routes;
    }

    private void addOpen() {
        routes.put("GET /health", new Route.Open(Set.of(), () -> {
            database.check();
            return Response.noStoreJson(Map.of("status", "ok"));
        }));
    }

    private void addOfCallers() {
        AuditLog audit = new AuditLog(database);
        TaskListRoutes tasks = new TaskListRoutes(new TaskRepository(database), audit, exports);
        InsightsRoute insights = new InsightsRoute(new InsightRepository(database));
        StatsRoute stats = new StatsRoute(new StatisticsQuery(database), clock);
        routes.put("GET /api/tasks", new Route.OfCaller(TaskListRoutes.PARAMETERS, tasks::list));
        routes.put("GET /api/export", new Route.OfCaller(TaskListRoutes.EXPORT_PARAMETERS, tasks::export));
        routes.put("GET /api/audit", new Route.OfCaller(AuditRoute.PARAMETERS, new AuditRoute(audit)::answer));
        routes.put("GET /api/insights", new Route.OfCaller(InsightsRoute.PARAMETERS, insights::answer));
        routes.put("GET /api/stats", new Route.OfCaller(StatsRoute.PARAMETERS, stats::answer));
    }

    /** Adds the routes that the owner of a task and readers with a share link may use. */
    private void addOfReaders() {
        StepRepository steps = new StepRepository(database);
        ReportRoute report = new ReportRoute(new TaskSummariser(database), steps, exports);
        ScreenshotRoutes screenshots = new ScreenshotRoutes(new ScreenshotRepository(database), urls);
        Map<String, Route> shared = Map.of(
                "/tasks/{task_id}",
                new Route.OfTask(Set.of(), null, task::get),
                "/tasks/{task_id}/steps",
                new Route.OfTask(StepsRoute.PARAMETERS, "read_steps", new StepsRoute(steps)::answer),
                "/tasks/{task_id}/report",
                new Route.OfTask(Set.of("format", "lang", "redirect"), "read_report", report::answer),
                "/tasks/{task_id}/screenshots",
                new Route.OfTask(Set.of("cursor", "min_number"), "read_screenshots", screenshots::list),
                "/steps/{step_id}/screenshot",
                new Route.OfStep(Set.of("role", "redirect"), "read_screenshot", screenshots::get));
        shared.forEach((path, route) -> {
            routes.put("GET /api" + path, route);
            routes.put("GET /api/shared" + path, new Route.Shared(route));
        });
    }

    private void addOfOwners() {
        ShareRoutes shares = new ShareRoutes(new ShareRepository(database));
        routes.put(
                "GET /api/tasks/{task_id}/export",
                new Route.OfTask(Set.of("lang", "redirect"), "read_export", task::export));
        routes.put("DELETE /api/tasks/{task_id}", new Route.OfOwner(Set.of(), task::delete));
        routes.put("PUT /api/tasks/{task_id}/keep", new Route.OfOwner(Set.of(), task::setKeep));
        routes.put("POST /api/tasks/{task_id}/shares", new Route.OfOwner(Set.of(), shares::create));
        routes.put("GET /api/tasks/{task_id}/shares", new Route.OfOwner(PAGE, shares::list));
        routes.put("DELETE /api/tasks/{task_id}/shares/{share_id}", new Route.OfOwner(Set.of(), shares::revoke));
    }

    private void addOfAdmins() {
        AgentRoutes agents = new AgentRoutes(new AgentRepository(database));
        RejectedRoutes rejected = new RejectedRoutes(
                new RejectedMessageRepository(database), new Redelivery(database, bucket), new AuditLog(database));
        MaintenanceRoutes maintenance =
                new MaintenanceRoutes(new MaintenanceRuns(database), new ArchiveRestorer(database, bucket));
        addOfAdmin("POST /api/admin/restore", Set.of(), maintenance::restore);
        addOfAdmin("GET /api/admin/maintenance", Query.names(PAGE, "kind"), maintenance::list);
        addOfAdmin("GET /api/admin/agents", PAGE, agents::list);
        addOfAdmin("PUT /api/admin/agents/{sender_id}", Set.of(), agents::register);
        addOfAdmin("DELETE /api/admin/agents/{sender_id}", Set.of(), agents::remove);
        addOfAdmin("GET /api/admin/unregistered-senders", PAGE, agents::unregistered);
        addOfAdmin("GET /api/admin/rejected", Query.names(PAGE, "owner", "sender_id", "task_id"), rejected::list);
        addOfAdmin("GET /api/admin/rejected/{id}", Set.of(), rejected::get);
        addOfAdmin("POST /api/admin/rejected/{id}/retry", Set.of(), rejected::retry);
        addOfAdmin("DELETE /api/admin/rejected/{id}", Set.of(), rejected::discard);
    }

    private void addOfAdmin(String key, Set<String> parameters, Function<Request, Response> handler) {
        routes.put(key, new Route.OfAdmin(parameters, handler));
    }
}
