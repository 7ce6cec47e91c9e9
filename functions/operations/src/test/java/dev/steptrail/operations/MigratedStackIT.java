package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.TestParameters;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the schema as a custom resource. A local server receives the responses to CloudFormation. */
@Tag("slow")
class MigratedStackIT {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String VERSION = "arn:aws:lambda:eu-west-1:123:function:migrate:";
    private final CloudFormationResponses responses;
    private final List<JsonNode> answers;
    private final TestParameters parameters = TestParameters.start();
    /** Roles are shared by all databases of the server. */
    private final String stack = "stack-" + NUMBER.incrementAndGet();

    MigratedStackIT() throws IOException {
        responses = new CloudFormationResponses();
        answers = responses.received();
    }

    @AfterEach
    void stopServers() {
        responses.close();
        parameters.close();
    }

    /** Returns an event of a release: after version 6, the stack deploys version 7. */
    private Map<String, Object> event(String type) {
        return event(type, "6", "7");
    }

    private Map<String, Object> event(String type, String oldVersion, String version) {
        Map<String, Object> event = new HashMap<>(responses.event(type, Map.of("Version", VERSION + version)));
        event.put("OldResourceProperties", Map.of("Version", VERSION + oldVersion));
        return event;
    }

    private Map<String, String> settings(TestDatabase database) {
        Map<String, String> settings = new HashMap<>(database.settings(parameters.settings()));
        settings.put("STEPTRAIL_STACK", stack);
        settings.put("STEPTRAIL_LOGIN_PARAMETERS", "/steptrail/test/database/");
        return settings;
    }

    @Test
    void create_migratesTheSchema_andDelete_disablesTheLoginsWithoutTheirParameters_untilItIsCreatedAgain() {
        TestDatabase database = TestDatabase.empty();
        MigrateHandler handler = new MigrateHandler(settings(database));
        String logins = "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname LIKE '" + stack + "\\_%'";

        handler.handleRequest(event("Create"), new TestContext());

        assertThat(parameters.values()).hasSize(4);
        JsonNode answer = answers.get(0);
        assertThat(answer.at("/Data/database_logins").asText()).isEqualTo("one login per function");
        assertThat(Stream.of("Status", "PhysicalResourceId", "StackId", "RequestId", "LogicalResourceId")
                        .map(field -> answer.get(field).asText()))
                .containsExactly(
                        "SUCCESS",
                        "schema",
                        "arn:aws:cloudformation:eu-west-1:123:stack/steptrail/1",
                        "request",
                        "SignInClientUrls");

        handler.handleRequest(event("Delete"), new TestContext());

        assertThat(parameters.values()).isEmpty();
        assertThat(database.count("tasks")).isZero();
        assertThat(database.column(logins)).isEmpty();

        handler.handleRequest(event("Create"), new TestContext());

        assertThat(database.column(logins)).hasSize(4);
        assertThat(statuses()).containsExactly("SUCCESS", "SUCCESS", "SUCCESS");
    }

    @Test
    void failedMigration_isReportedToTheStackWithItsReason() {
        TestDatabase database = TestDatabase.empty();
        database.execute("CREATE TYPE tasks AS ENUM ('mine')"); // not created by Steptrail
        TestContext log = new TestContext();

        assertThatThrownBy(() -> new MigrateHandler(settings(database)).handleRequest(event("Update"), log))
                .isInstanceOf(IllegalStateException.class)
                .hasNoCause();

        assertThat(answers).singleElement().satisfies(answer -> {
            assertThat(answer.get("Status").asText()).isEqualTo("FAILED");
            assertThat(answer.get("Reason").asText())
                    .startsWith("Schema migration failed: ")
                    .hasSizeLessThanOrEqualTo(1000);
        });
        assertThat(log.logged()).contains("FlywayMigrateException at ").doesNotContain("secret");
    }

    @Test
    void missingSettingOrDatabase_isReportedToTheStack_andDoesNotPreventItsDeletion() {
        MigrateHandler handler = new MigrateHandler(Map.of("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://db/x"));
        Map<String, String> gone = settings(TestDatabase.empty());
        gone.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/gone");

        assertThatThrownBy(() -> handler.handleRequest(event("Create"), new TestContext()))
                .isInstanceOf(IllegalStateException.class);
        handler.handleRequest(event("Delete"), new TestContext());
        assertThat(new MigrateHandler(gone).handleRequest(event("Delete"), new TestContext()))
                .isEmpty();

        assertThat(statuses()).containsExactly("FAILED", "SUCCESS", "SUCCESS");
        assertThat(answers.get(0).get("Reason").asText()).contains("STEPTRAIL_DATABASE_USER: is not set");
    }

    private List<String> statuses() {
        return answers.stream().map(answer -> answer.get("Status").asText()).toList();
    }

    @Test
    void delete_afterAFailedCreationWithTheNameOfAnotherDatabasesStack_keepsItsLogins() {
        TestDatabase first = TestDatabase.empty();
        new MigrateHandler(settings(first)).handleRequest(event("Create"), new TestContext());
        MigrateHandler second = new MigrateHandler(settings(TestDatabase.empty()));

        assertThatThrownBy(() -> second.handleRequest(event("Create"), new TestContext()))
                .hasMessage("Schema migration failed: the database role '" + stack
                        + "_owner' exists and belongs to the database '" + first.value("SELECT current_database()")
                        + "' of this server; use another stack name");
        second.handleRequest(event("Delete"), new TestContext());

        assertThat(first.value("SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + stack + "_api'"))
                .isEqualTo("t");
    }

    /** CloudFormation may move the alias back before or after this resource, so either version may run. */
    @Test
    void rollback_runsNoMigration_andReportsSuccess_whicheverVersionRuns() {
        TestDatabase database = TestDatabase.empty();
        TestContext log = new TestContext();

        assertThat(new MigrateHandler(settings(database)).handleRequest(event("Update", "10", "9"), log))
                .isEqualTo(Map.of("database_logins", "not changed by a rollback"));

        assertThat(database.value("SELECT count(*) FROM pg_tables WHERE tablename = 'tasks'"))
                .isEqualTo("0");
        assertThat(statuses()).containsExactly("SUCCESS");
        assertThat(log.logged()).contains("migration_skipped");
    }

    @Test
    void rejectedResponse_isRetried() {
        responses.statuses.addAll(List.of(503, 500));

        new MigrateHandler(Map.of()).handleRequest(event("Delete"), new TestContext());

        assertThat(answers).hasSize(1);
    }

    @Test
    void responseThatCannotBeSent_failsWithoutTheUrlInTheMessage() {
        responses.statuses.add(403);

        assertThatThrownBy(() -> new MigrateHandler(Map.of()).handleRequest(event("Delete"), new TestContext()))
                .hasMessage("failed to send the response to CloudFormation")
                .hasStackTraceContaining("S3 returned status 403")
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("secret"));
        assertThat(answers).isEmpty();
    }
}
