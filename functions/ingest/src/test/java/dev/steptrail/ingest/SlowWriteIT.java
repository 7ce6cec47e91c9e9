package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.event;
import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A batch whose statements take longer than the function may run. */
class SlowWriteIT extends IngestTestBase {
    private static final int TASKS = 16;

    /** An insert of all tasks takes longer than the remaining time. */
    @BeforeEach
    void delayInserts() {
        DATABASE.execute("CREATE FUNCTION delay() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_sleep((SELECT count(*) FROM inserted) * 0.25); RETURN NULL; END $$");
        DATABASE.execute("CREATE TRIGGER delay AFTER INSERT ON tasks REFERENCING NEW TABLE AS inserted"
                + " FOR EACH STATEMENT EXECUTE FUNCTION delay()");
    }

    @AfterEach
    void dropDelay() {
        DATABASE.execute("DROP FUNCTION delay() CASCADE");
    }

    @Test
    void messageThatTimesOut_isWrittenInParts() {
        List<String> ids = new ArrayList<>();
        StepRecord[] starts = new StepRecord[TASKS];
        for (int i = 0; i < TASKS; i++) {
            UUID task = UuidV7.at(TestRecords.START);
            ids.add("'" + task + "'");
            starts[i] = started(task);
        }
        SQSEvent event = event(message(ALICE, starts));

        assertThat(handler.handleRequest(event, new TestContext(Duration.ofSeconds(14)))
                        .getBatchItemFailures())
                .isEmpty();

        assertThat(DATABASE.value("SELECT count(*) FROM tasks WHERE task_id IN (" + String.join(", ", ids) + ")"))
                .isEqualTo(String.valueOf(TASKS));
    }
}
