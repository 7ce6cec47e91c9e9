package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.archive.RestoreArchives;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Settings;
import dev.steptrail.ingest.Redelivery;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.RejectedRepository;
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

/** The table of routes, by API Gateway's route key such as {@code GET /api/tasks/{task_id}}. */
final class Routes {
    private final Database database;
    private final BucketReader bucket;
    private final Exports exports;
    private final InstantSource clock;
    private final TaskRoutes task;
    private final ScreenshotRoutes screenshots;

    Routes(Database database, BucketReader bucket, ScreenshotUrls urls, Exports exports, InstantSource clock) {
        this.database = database;
        this.bucket = bucket;
        this.exports = exports;
        this.clock = clock;
        this.task = new TaskRoutes(new TaskDeletion(database), new ArchiveRepository(database), exports);
        this.screenshots = new ScreenshotRoutes(new ScreenshotRepository(database), urls);
    }

    /** @throws IllegalArgumentException if a setting of the pages is missing or wrong, naming it */
    Map<String, Route> all(Settings settings) {
        Map<String, Route> routes = new HashMap<>(PageRoutes.of(settings));
        routes.putAll(open());
        routes.putAll(ofCallers());
        routes.putAll(ofOwners());
        routes.putAll(ofAdmins());
        ofReaders().forEach((key, route) -> {
            routes.put(key, route);
            routes.put(key.replace("/api/", "/api/shared/"), new Route.Shared(route));
        });
        return routes;
    }

    private Map<String, Route> open() {
        return Map.of("GET /health", new Route.Open(Set.of(), () -> {
            database.check();
            return Response.unstoredJson(Json.object(json -> {
                Json.text(json, "status", "ok");
            }));
        }));
    }

    private Map<String, Route> ofCallers() {
        AuditLog audit = new AuditLog(database);
        TaskListRoutes tasks = new TaskListRoutes(new TaskRepository(database), audit, exports);
        return Map.of(
                "GET /api/tasks",
                new Route.OfCaller(TaskListRoutes.PARAMETERS, tasks::list),
                "GET /api/export",
                new Route.OfCaller(TaskListRoutes.EXPORT_PARAMETERS, tasks::export),
                "GET /api/audit",
                new Route.OfCaller(AuditRoute.PARAMETERS, new AuditRoute(audit)),
                "GET /api/insights",
                new Route.OfCaller(InsightsRoute.PARAMETERS, new InsightsRoute(new InsightRepository(database))),
                "GET /api/stats",
                new Route.OfCaller(StatsRoute.PARAMETERS, new StatsRoute(new StatisticsQuery(database), clock)));
    }

    /** What the owner of a task may do, and people who have a link to it. */
    private Map<String, Route> ofReaders() {
        StepRepository steps = new StepRepository(database);
        return Map.of(
                "GET /api/tasks/{task_id}",
                new Route.OfTask(Set.of(), null, task::get),
                "GET /api/tasks/{task_id}/steps",
                new Route.OfTask(StepsRoute.PARAMETERS, "read_steps", new StepsRoute(steps)),
                "GET /api/tasks/{task_id}/report",
                new Route.OfTask(
                        Set.of("format", "lang", "redirect"),
                        "read_report",
                        new ReportRoute(new TaskSummariser(database), steps, exports)),
                "GET /api/tasks/{task_id}/screenshots",
                new Route.OfTask(Set.of("cursor", "min_number"), "read_screenshots", screenshots::list),
                "GET /api/steps/{step_id}/screenshot",
                new Route.OfStep(Set.of("role", "redirect"), "read_screenshot", screenshots::get));
    }

    private Map<String, Route> ofOwners() {
        ShareRoutes shares = new ShareRoutes(new ShareRepository(database));
        return Map.of(
                "GET /api/tasks/{task_id}/export",
                new Route.OfTask(Set.of("lang", "redirect"), "read_export", task::export),
                "DELETE /api/tasks/{task_id}",
                new Route.OfOwner(Set.of(), task::delete),
                "PUT /api/tasks/{task_id}/keep",
                new Route.OfOwner(Set.of(), task::setKeep),
                "POST /api/tasks/{task_id}/shares",
                new Route.OfOwner(Set.of(), shares::create),
                "GET /api/tasks/{task_id}/shares",
                new Route.OfOwner(Set.of("limit", "cursor"), shares::list),
                "DELETE /api/tasks/{task_id}/shares/{share_id}",
                new Route.OfOwner(Set.of(), shares::revoke));
    }

    private Map<String, Route> ofAdmins() {
        AgentRoutes agents = new AgentRoutes(new AgentRepository(database));
        RejectedRoutes rejected = new RejectedRoutes(
                new RejectedRepository(database), new Redelivery(database, bucket), new AuditLog(database));
        MaintenanceRoutes maintenance =
                new MaintenanceRoutes(new MaintenanceRuns(database), new RestoreArchives(database, bucket));
        return Map.of(
                "POST /api/admin/restore",
                new Route.OfAdmin(Set.of(), maintenance::restore),
                "GET /api/admin/maintenance",
                new Route.OfAdmin(Set.of("limit", "cursor", "kind"), maintenance::list),
                "GET /api/admin/agents",
                new Route.OfAdmin(Set.of("limit", "cursor"), agents::list),
                "PUT /api/admin/agents/{sender_id}",
                new Route.OfAdmin(Set.of(), agents::register),
                "DELETE /api/admin/agents/{sender_id}",
                new Route.OfAdmin(Set.of(), agents::remove),
                "GET /api/admin/unregistered-senders",
                new Route.OfAdmin(Set.of("limit", "cursor"), agents::unregistered),
                "GET /api/admin/rejected",
                new Route.OfAdmin(Set.of("limit", "cursor", "owner", "sender_id", "task_id"), rejected::list),
                "GET /api/admin/rejected/{id}",
                new Route.OfAdmin(Set.of(), rejected::get),
                "POST /api/admin/rejected/{id}/retry",
                new Route.OfAdmin(Set.of(), rejected::retry),
                "DELETE /api/admin/rejected/{id}",
                new Route.OfAdmin(Set.of(), rejected::discard));
    }
}
