package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.steptrail.bucket.BucketReader;
import dev.steptrail.bucket.QueueSender;
import dev.steptrail.store.Database;
import dev.steptrail.store.DeleteTask;
import dev.steptrail.store.Failure;
import dev.steptrail.store.FindScreenshots;
import dev.steptrail.store.FindTask;
import dev.steptrail.store.ListScreenshots;
import dev.steptrail.store.ListSteps;
import dev.steptrail.store.ListTasks;
import dev.steptrail.store.RecordRead;
import dev.steptrail.store.Settings;
import dev.steptrail.store.StoreException;
import dev.steptrail.store.SummariseTask;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Answers the HTTP API behind API Gateway (HTTP API, payload 2.0), whose JWT authorizer has verified the token. One
 * invocation at a time.
 */
public final class ApiHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private final Router router;

    /** With the settings of the environment, as Lambda calls it. */
    public ApiHandler() {
        this(System.getenv());
    }

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL}, {@code STEPTRAIL_DATABASE_USER}, {@code STEPTRAIL_DATABASE_PASSWORD};
     *     {@code STEPTRAIL_BUCKET}, {@code STEPTRAIL_EXPORTS_QUEUE_URL}, {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}; and where the
     *     default does not fit, {@code AWS_SESSION_TOKEN}, {@code AWS_ENDPOINT_URL_S3}, {@code AWS_ENDPOINT_URL_SQS}, {@code STEPTRAIL_URL_LIFETIME}
     *     (ISO 8601, {@code PT5M}), {@code STEPTRAIL_ADMIN_CLAIM} ({@code cognito:groups}), {@code STEPTRAIL_ADMIN_VALUE}
     *     ({@code steptrail-admin})
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public ApiHandler(Map<String, String> settings) {
        Settings checked = new Settings(settings);
        Database database = new Database(checked);
        Clock clock = Clock.systemUTC();
        ScreenshotUrls urls = new ScreenshotUrls(checked, clock);
        FindTask findTask = new FindTask(database);
        Exports exports = new Exports(
                new BucketReader(checked),
                new QueueSender(checked.required("STEPTRAIL_EXPORTS_QUEUE_URL"), checked),
                urls);
        Map<String, Route> routes = new HashMap<>(AdminRoutes.of(database, checked));
        routes.put(
                "GET /api/tasks/{task_id}/export",
                new Route.OfTask(Set.of("lang"), "read_export", new ExportRoute(exports)));
        routes.putAll(Map.of(
                "GET /health",
                new Route.Open(Set.of(), new HealthRoute(database)),
                "GET /api/tasks",
                new Route.OfCaller(Set.of("limit", "cursor"), new TasksRoute(new ListTasks(database))),
                "GET /api/tasks/{task_id}",
                new Route.OfTask(Set.of(), null, new TaskRoute()),
                "DELETE /api/tasks/{task_id}",
                new Route.Change(Set.of(), new DeleteTaskRoute(new DeleteTask(database))),
                "GET /api/tasks/{task_id}/steps",
                new Route.OfTask(
                        Set.of("limit", "cursor", "order"), "read_steps", new StepsRoute(new ListSteps(database))),
                "GET /api/tasks/{task_id}/report",
                new Route.OfTask(
                        Set.of("format", "lang"),
                        "read_report",
                        new ReportRoute(new SummariseTask(database), new ListSteps(database), exports)),
                "GET /api/tasks/{task_id}/screenshots",
                new Route.OfTask(
                        Set.of("cursor"),
                        "read_screenshots",
                        new ScreenshotsRoute(new ListScreenshots(database), urls)),
                "GET /api/steps/{step_id}/screenshot",
                new Route.OfStep(
                        Set.of("role", "redirect"),
                        "read_screenshot",
                        new ScreenshotRoute(new FindScreenshots(database), urls))));
        this.router = new Router(routes, new Callers(checked), findTask, new Reads(new RecordRead(database), clock));
    }

    /** The routes that it answers, by API Gateway's key; sam-template.yaml must have the same. */
    public Set<String> routeKeys() {
        return router.routeKeys();
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        Response response = answer(event, context);
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(response.status())
                .withHeaders(response.headers())
                .withBody(response.body())
                .withIsBase64Encoded(false)
                .build();
    }

    private Response answer(APIGatewayV2HTTPEvent event, Context context) {
        String traceId = context.getAwsRequestId();
        try {
            return router.answer(event, context);
        } catch (Problem problem) {
            return problem.response(traceId);
        } catch (StoreException.Unavailable e) {
            context.getLogger().log(traceId + " " + e.getMessage() + "\n", LogLevel.ERROR);
            return Problem.unavailable().response(traceId);
        } catch (RuntimeException e) {
            context.getLogger().log(traceId + " " + Failure.describe(e) + "\n", LogLevel.ERROR);
            return Problem.internal().response(traceId);
        }
    }
}
