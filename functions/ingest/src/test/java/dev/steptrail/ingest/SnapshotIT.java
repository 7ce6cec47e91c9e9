package dev.steptrail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.roles.FunctionLogin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.crac.Core;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The SnapStart hooks before a snapshot and after a restore. */
@Tag("slow")
class SnapshotIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final String TABLES =
            "SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM task_steps) + (SELECT count(*) FROM rejected_messages)";
    private static final String CONNECTIONS =
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'steptrail'";

    @Test
    void beforeCheckpoint_writesABatchAndRollsItBack_andEachRestoredProcessWritesWhatItReceives() throws Exception {
        IngestHandler one = new IngestHandler(settings());
        IngestHandler other = new IngestHandler(settings());

        CapturedOutput output = new CapturedOutput();
        output.start();
        try {
            for (IngestHandler handler : List.of(one, other)) {
                handler.beforeCheckpoint(Core.getGlobalContext());
            }
        } finally {
            output.stop();
        }

        assertThat(output.withLogOf(new TestContext())).doesNotContain("priming_failed");
        assertThat(DATABASE.column(TABLES)).containsExactly("0");
        new AgentRepository(DATABASE.database()).register(IngestPrimer.AGENT);
        for (IngestHandler handler : List.of(one, other)) {
            handler.afterRestore(Core.getGlobalContext());
            SQSEvent event = event();
            assertThat(handler.handleRequest(event, new TestContext()).getBatchItemFailures())
                    .isEmpty();
        }
        assertThat(DATABASE.column("SELECT count(*) FROM tasks"))
                .as("one task of each process, with distinct ids")
                .containsExactly("2");
        assertThat(DATABASE.column(CONNECTIONS)).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
    }

    @Test
    void hooks_whileTheDatabaseIsDown_return() {
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none");
        IngestHandler handler = new IngestHandler(settings);

        handler.beforeCheckpoint(Core.getGlobalContext());
        handler.afterRestore(Core.getGlobalContext());

        SQSEvent event = event();
        assertThat(handler.handleRequest(event, new TestContext()).getBatchItemFailures())
                .as("delivered again later")
                .hasSize(1);
    }

    @Test
    void eventOfTheDailySchedule_isAccepted() {
        assertThat(new IngestHandler(settings())
                        .handleRequest(new SQSEvent(), new TestContext())
                        .getBatchItemFailures())
                .isEmpty();
    }

    private static SQSEvent event() {
        return LambdaEventSerializers.serializerFor(SQSEvent.class, SnapshotIT.class.getClassLoader())
                .fromJson(IngestPrimer.event(UUID.randomUUID()));
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(DATABASE.settings(FunctionLogin.INGEST));
        settings.putAll(TestBucket.empty().settings());
        return settings;
    }
}
