package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.event;
import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.ReservedPorts;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.roles.FunctionLogin;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseOutageIT {
    @TempDir
    private Path data;

    private final int port = ReservedPorts.reserve();

    @Test
    void whilePostgresIsDown_nothingIsAcknowledged_andAfterwardsEverythingIsWritten() throws IOException {
        UUID task = UuidV7.at(TestRecords.START);
        SQSMessage first = message("sender", step(task, 1));
        SQSMessage second = message("sender", step(task, 2));
        SQSMessage third = message("sender", step(task, 3));
        TestContext context = new TestContext();

        EmbeddedPostgres server = start();
        TestDatabase database = TestDatabase.of(server).migrate().register("sender", "alice");
        IngestHandler handler = new IngestHandler(
                database.settings(FunctionLogin.INGEST, TestBucket.empty().settings()));
        assertThat(failures(handler, context, first)).isEmpty();

        server.close();
        assertThat(failures(handler, context, second, third))
                .containsExactly(second.getMessageId(), third.getMessageId());
        assertThat(context.logged()).contains("\"event\":\"database_unavailable\"", "\"task_ids\":[\"" + task + "\"]");
        assertThat(context.metricLines().get(1))
                .contains("\"MessagesReceived\":2,\"MessagesFailed\":2,\"StepsWritten\":0")
                .contains("\"DatabaseConnectFailures\":1");

        try (EmbeddedPostgres again = start()) {
            assertThat(failures(handler, context, first, second, third)).isEmpty();
            assertThat(TestDatabase.of(again).value("SELECT total_steps FROM tasks"))
                    .isEqualTo("3");
        }

        try (EmbeddedPostgres restarted = start()) {
            assertThat(failures(handler, context, message("sender", step(task, 4))))
                    .isEmpty();
            assertThat(TestDatabase.of(restarted).value("SELECT total_steps FROM tasks"))
                    .isEqualTo("4");
        }
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data.resolve("pg"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    private static List<String> failures(IngestHandler handler, TestContext context, SQSMessage... messages) {
        SQSBatchResponse response = handler.handleRequest(event(messages), context);
        return response.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }
}
