package dev.steptrail.api;

import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.TaskSummariser;
import dev.steptrail.store.retention.KeepTask;
import dev.steptrail.store.retention.TaskDeletion;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What is asked of one task, by API Gateway's route key. */
final class TaskRoutes {
    private TaskRoutes() {}

    static Map<String, Supplier<Route>> of(Database database, ScreenshotUrls urls, Exports exports) {
        Map<String, Supplier<Route>> reads = reads(database, urls, exports);
        Map<String, Supplier<Route>> routes = new HashMap<>(reads);
        reads.forEach(
                (key, route) -> routes.put(key.replace("/api/", "/api/shared/"), () -> new Route.Shared(route.get())));
        routes.putAll(Map.of(
                "GET /api/tasks/{task_id}/export",
                () -> new Route.OfTask(Set.of("lang", "redirect"), "read_export", new ExportRoute(exports)),
                "DELETE /api/tasks/{task_id}",
                () -> new Route.OfOwner(Set.of(), new DeleteTaskRoute(new TaskDeletion(database))),
                "PUT /api/tasks/{task_id}/keep",
                () -> new Route.OfOwner(Set.of(), new KeepRoute(new KeepTask(database))),
                "POST /api/tasks/{task_id}/shares",
                () -> new Route.OfOwner(Set.of(), new CreateShareRoute(new ShareRepository(database))),
                "GET /api/tasks/{task_id}/shares",
                () -> new Route.OfOwner(Set.of("limit", "cursor"), new SharesRoute(new ShareRepository(database))),
                "DELETE /api/tasks/{task_id}/shares/{share_id}",
                () -> new Route.OfOwner(Set.of(), new RevokeShareRoute(new ShareRepository(database)))));
        return routes;
    }

    /** What who has a link to a task may do as well. */
    private static Map<String, Supplier<Route>> reads(Database database, ScreenshotUrls urls, Exports exports) {
        return Map.of(
                "GET /api/tasks/{task_id}",
                () -> new Route.OfTask(Set.of(), null, new TaskRoute()),
                "GET /api/tasks/{task_id}/steps",
                () -> new Route.OfTask(
                        StepsRoute.PARAMETERS, "read_steps", new StepsRoute(new StepRepository(database))),
                "GET /api/tasks/{task_id}/report",
                () -> new Route.OfTask(
                        Set.of("format", "lang", "redirect"),
                        "read_report",
                        new ReportRoute(new TaskSummariser(database), new StepRepository(database), exports)),
                "GET /api/tasks/{task_id}/screenshots",
                () -> new Route.OfTask(
                        Set.of("cursor", "min_number"),
                        "read_screenshots",
                        new ScreenshotsRoute(new ScreenshotRepository(database), urls)),
                "GET /api/steps/{step_id}/screenshot",
                () -> new Route.OfStep(
                        Set.of("role", "redirect"),
                        "read_screenshot",
                        new ScreenshotRoute(new ScreenshotRepository(database), urls)));
    }
}
