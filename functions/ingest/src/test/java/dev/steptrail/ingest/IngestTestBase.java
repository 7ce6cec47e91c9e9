package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.event;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.roles.FunctionLogin;
import java.util.List;
import java.util.UUID;

/** A handler with a database, and queries for its results. */
abstract class IngestTestBase {
    static final String ALICE = "AROAALICE:laptop";
    static final String BOB = "AIDABOB";

    /** May record for alice. */
    static final String PROXY = "AIDAPROXY";

    static final TestDatabase DATABASE = TestDatabase.migrated()
            .register("AROAALICE", "alice")
            .register(BOB, "bob")
            .register(PROXY, "proxy", "alice");

    final IngestHandler handler = new IngestHandler(DATABASE.settings(FunctionLogin.INGEST));
    final TestContext context = new TestContext();
    final UUID task = UuidV7.at(TestRecords.START);

    List<String> ingest(SQSMessage... messages) {
        return ingest(handler, messages);
    }

    List<String> ingest(IngestHandler by, SQSMessage... messages) {
        return by.handleRequest(event(messages), context).getBatchItemFailures().stream()
                .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
                .toList();
    }

    String task(String expression) {
        return DATABASE.task(task, expression);
    }

    List<String> steps(String expression) {
        return DATABASE.column(
                "SELECT " + expression + " FROM task_steps WHERE task_id = '" + task + "' ORDER BY step_number");
    }

    static List<String> rejections(String condition) {
        return DATABASE.column("SELECT reason FROM rejected_messages WHERE " + condition);
    }
}
