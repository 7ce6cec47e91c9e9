package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.SnapshotPrimer;
import dev.steptrail.store.jdbc.Database;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Primes a handler before its snapshot is taken, with the requests that the viewer sends to open a task. */
final class ApiPrimer {
    private static final List<String> PATHS = List.of(
            "/api/tasks",
            "/api/tasks/{task_id}",
            "/api/tasks/{task_id}/steps",
            "/api/tasks/{task_id}/report",
            "/api/tasks/{task_id}/screenshots");

    private static final String EVENT = """
            {"version":"2.0","routeKey":"GET %1$s","rawPath":"%2$s","rawQueryString":"",
             "headers":{"accept":"*/*","authorization":"Bearer e30.e30.c2ln"},
             "requestContext":{"accountId":"123456789012","apiId":"priming",
              "authorizer":{"jwt":{"claims":{"sub":"%3$s"},"scopes":null}},
              "http":{"method":"GET","path":"%2$s","protocol":"HTTP/1.1","sourceIp":"192.0.2.1"},
              "requestId":"priming","routeKey":"GET %1$s","stage":"$default","timeEpoch":0},
             "pathParameters":{"task_id":"%4$s"},"isBase64Encoded":false}""";

    private static final String TASK_ID = new UUID(0, 0).toString();

    private static final List<String> EVENTS = PATHS.stream()
            .map(path -> EVENT.formatted(path, path.replace("{task_id}", TASK_ID), "priming", TASK_ID))
            .toList();

    private ApiPrimer() {}

    /** Sends the requests as a caller without tasks. The task does not exist, so nothing is recorded. */
    static void prime(Settings settings) {
        SnapshotPrimer.prime(() -> {
            Settings withoutSecrets = settings.withFakeCredentials();
            Settings databaseSettings = settings.forPrimingDatabase();
            boolean connects = databaseSettings == settings;
            Database database = Database.withPreparedStatements(databaseSettings);
            ApiHandler handler = new ApiHandler(withoutSecrets, database, MetricSink.LOG);
            ScreenshotUrls urls = new ScreenshotUrls(withoutSecrets, Clock.systemUTC());
            return () -> {
                try (database) {
                    for (String event : EVENTS) {
                        int status = SnapshotPrimer.handle(
                                        handler, APIGatewayV2HTTPEvent.class, APIGatewayV2HTTPResponse.class, event)
                                .getStatusCode();
                        if (connects && status >= 500) {
                            throw new IllegalStateException("a priming request returned status " + status);
                        }
                    }
                    urls.signer().screenshotUrl("key", "webp");
                }
            };
        });
    }
}
