package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.event;
import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.ingest.Messages.started;
import static dev.steptrail.ingest.Messages.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.Agent;
import dev.steptrail.store.RegisterAgent;
import dev.steptrail.store.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IngestHandlerIT {
    private static final String SENDER = "AIDAALICE";
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final IngestHandler handler = new IngestHandler(DATABASE.settings());
    private final UUID task = UuidV7.at(Messages.START);

    @BeforeAll
    static void register() {
        RegisterAgent agents = new RegisterAgent(DATABASE.database());
        agents.register(new Agent(SENDER, "alice", List.of()));
    }

    @Test
    void goodMessages_becomeATaskAndItsSteps() {
        assertThat(ingest(message(SENDER, started(task), step(task, 1), step(task, 2))))
                .isEmpty();

        assertThat(of("SELECT owner || ' ' || name || ' ' || status || ' ' || total_steps FROM tasks"))
                .isEqualTo("alice camera running 2");
        assertThat(DATABASE.column("SELECT step_data FROM task_steps WHERE task_id = '" + task + "'"))
                .hasSize(2);
    }

    private List<String> ingest(SQSMessage... messages) {
        SQSBatchResponse response = handler.handleRequest(event(messages), new TestContext());
        return response.getBatchItemFailures().stream()
                .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
                .toList();
    }

    private String of(String select) {
        return DATABASE.value(select + " WHERE task_id = '" + task + "'");
    }
}
