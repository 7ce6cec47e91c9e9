package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.aws.TestCdn;
import dev.steptrail.aws.TestParameters;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.DatabaseLogin;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.crac.Core;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the hooks that Lambda calls before a snapshot and after a restore. */
@Tag("slow")
class SnapshotIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Pattern DAILY_INPUT =
            Pattern.compile("\\n  ApiFunction:(?:\\n+ {4}.*)*?\\n {8}Daily:.*(?:\\n+ {10}.*)*?\\n {12}Input: '(.*)'");

    @Test
    void beforeCheckpoint_readsATaskAndLeavesNoRow_andEachRestoredProcessAnswers() throws Exception {
        ApiHandler one = new ApiHandler(settings());
        ApiHandler other = new ApiHandler(settings());

        PrintStream output = System.out;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (ApiHandler handler : List.of(one, other)) {
                handler.beforeCheckpoint(Core.getGlobalContext());
            }
        } finally {
            System.setOut(output);
        }

        assertThat(log.toString(StandardCharsets.UTF_8))
                .as("a warning if a request failed")
                .isEmpty();
        assertThat(DATABASE.column("SELECT (SELECT count(*) FROM audit_log) + (SELECT count(*) FROM tasks)"))
                .containsExactly("0");
        for (ApiHandler handler : List.of(one, other)) {
            handler.afterRestore(Core.getGlobalContext());
            assertThat(new Api(handler, Map.of("sub", "ann"))
                            .get("GET /api/tasks", null)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void hooks_whileTheDatabaseIsDown_return_andTheFirstRequestIsAnswered503() {
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none");
        ApiHandler handler = new ApiHandler(settings);

        handler.beforeCheckpoint(Core.getGlobalContext());
        handler.afterRestore(Core.getGlobalContext());

        assertThat(new Api(handler, Map.of("sub", "ann"))
                        .get("GET /api/tasks", null)
                        .status())
                .isEqualTo(503);
    }

    @Test
    void beforeCheckpoint_readsNoParameter_andTheFirstRequestDoes() throws Exception {
        try (TestParameters parameters = TestParameters.start()) {
            Map<String, String> settings = settings();
            DatabaseLogin.Credentials login = new DatabaseLogin.Credentials(
                    settings.remove("STEPTRAIL_DATABASE_USER"), settings.remove("STEPTRAIL_DATABASE_PASSWORD"));
            parameters.put("/steptrail/test/database/api", DatabaseLogin.format(login));
            settings.putAll(TestCdn.settings(parameters));
            settings.put("STEPTRAIL_DATABASE_AUTH", "parameter");
            settings.put("STEPTRAIL_DATABASE_LOGIN_PARAMETER", "/steptrail/test/database/api");
            ApiHandler handler = new ApiHandler(settings);

            handler.beforeCheckpoint(Core.getGlobalContext());
            assertThat(parameters.reads()).isZero();

            assertThat(new Api(handler, Map.of("sub", "ann"))
                            .get("GET /api/tasks", null)
                            .status())
                    .isEqualTo(200);
            assertThat(parameters.reads()).isEqualTo(1);
        }
    }

    @Test
    void eventOfTheDailySchedule_isAnswered200() throws Exception {
        Matcher input = DAILY_INPUT.matcher(Files.readString(Path.of("../../sam-template.yaml")));
        assertThat(input.find()).isTrue();
        APIGatewayV2HTTPEvent event = LambdaEventSerializers.serializerFor(
                        APIGatewayV2HTTPEvent.class, SnapshotIT.class.getClassLoader())
                .fromJson(input.group(1));

        assertThat(new ApiHandler(settings())
                        .handleRequest(event, new TestContext())
                        .getStatusCode())
                .isEqualTo(200);
    }

    private static Map<String, String> settings() {
        return TestSettings.of(DATABASE, TestBucket.empty().settings());
    }
}
