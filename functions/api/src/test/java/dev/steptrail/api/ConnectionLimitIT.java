package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.crac.Core;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests instances of the function of which there are more than the login may have connections. */
@Tag("slow")
class ConnectionLimitIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final String LOGIN = "limited_api";
    private static final int CONNECTIONS = 5;
    private static final int INSTANCES = 10;

    /** A separate login, because all databases of the server share the limit of the other one. */
    @BeforeEach
    void createLogin() {
        DATABASE.execute("CREATE ROLE %1$s LOGIN PASSWORD 'limited' CONNECTION LIMIT %2$d IN ROLE %3$s_api"
                .formatted(LOGIN, CONNECTIONS, TestDatabase.STACK));
    }

    @AfterEach
    void dropLogin() {
        DATABASE.column("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" + LOGIN + "'");
        DATABASE.execute("DROP ROLE " + LOGIN);
    }

    @Test
    void requestToEachInstance_waitsUntilTheSessionOfAnIdleOneEnds() {
        DATABASE.execute("ALTER ROLE " + LOGIN + " SET idle_session_timeout = '1s'");
        List<ApiHandler> instances = restoredInstances();
        assertThat(connections()).as("before the first request").isZero();

        assertThat(instances.stream().map(instance -> statusOfTasks(instance, Duration.ofSeconds(29))))
                .hasSize(INSTANCES)
                .containsOnly(200);
        assertThat(connections()).isPositive().isLessThanOrEqualTo(CONNECTIONS);
        assertThat(statusOfTasks(instances.get(0), Duration.ofSeconds(29)))
                .as("of an instance whose session has ended")
                .isEqualTo(200);
    }

    /** Requests without a token do not wait, because they would keep the executions that signed-in users need. */
    @Test
    void requestWithoutAConnection_isAnswered503BeforeItsDeadline_andEarlierWithoutAToken() {
        List<ApiHandler> instances = restoredInstances().subList(0, CONNECTIONS + 1);
        instances.subList(0, CONNECTIONS).forEach(instance -> assertThat(
                        statusOfTasks(instance, Duration.ofSeconds(29)))
                .isEqualTo(200));
        ApiHandler last = instances.get(CONNECTIONS);

        long start = System.nanoTime();
        int status = statusOfTasks(last, Duration.ofSeconds(4));

        assertThat(status).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        assertThat(Stream.of(
                                APIGatewayV2HTTPEvent.builder().withRouteKey("GET /health"),
                                APIGatewayV2HTTPEvent.builder()
                                        .withRouteKey("GET /api/shared/tasks/{task_id}")
                                        .withHeaders(Map.of(ShareLinkAuthenticator.HEADER, "A".repeat(43)))
                                        .withPathParameters(Map.of(
                                                "task_id", UUID.randomUUID().toString())))
                        .map(event -> timeToUnavailable(last, event.build())))
                .allSatisfy(time -> assertThat(time).isLessThan(Duration.ofSeconds(10)));
    }

    private static Duration timeToUnavailable(ApiHandler instance, APIGatewayV2HTTPEvent event) {
        event.setRawQueryString("");
        event.setRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder().build());
        long start = System.nanoTime();
        assertThat(LambdaInvoker.invoke(instance, event, new TestContext(Duration.ofSeconds(29)))
                        .getStatusCode())
                .isEqualTo(503);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static List<ApiHandler> restoredInstances() {
        Map<String, String> settings = TestSettings.of(
                DATABASE, Map.of("STEPTRAIL_DATABASE_USER", LOGIN, "STEPTRAIL_DATABASE_PASSWORD", "limited"));
        List<ApiHandler> instances =
                Stream.generate(() -> new ApiHandler(settings)).limit(INSTANCES).toList();
        instances.forEach(instance -> instance.afterRestore(Core.getGlobalContext()));
        return instances;
    }

    private static int statusOfTasks(ApiHandler instance, Duration remaining) {
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withRouteKey("GET /api/tasks")
                .withRawQueryString("")
                .build();
        return new Api(instance, Map.of("sub", "alice"))
                .send(event, new TestContext(remaining))
                .status();
    }

    private static int connections() {
        return Integer.parseInt(
                DATABASE.value("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + LOGIN + "'"));
    }
}
