package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.store.TestDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.junit.jupiter.api.Test;

/** The hooks by which Lambda takes a snapshot and restores processes from it. */
class SnapshotIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @Test
    void beforeCheckpoint_leavesNoRow_andEachRestoredProcessAnswers() {
        ApiHandler one = new ApiHandler(settings());
        ApiHandler other = new ApiHandler(settings());

        for (ApiHandler handler : List.of(one, other)) {
            handler.beforeCheckpoint(Core.getGlobalContext());
        }

        assertThat(DATABASE.column("SELECT count(*) FROM audit_log")).containsExactly("0");
        for (ApiHandler handler : List.of(one, other)) {
            handler.afterRestore(Core.getGlobalContext());
            assertThat(new Api(handler, Map.of("sub", "ann"))
                            .get("GET /api/tasks", null, "")
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
                        .get("GET /api/tasks", null, "")
                        .status())
                .isEqualTo(503);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(DATABASE.settings());
        settings.putAll(TestBucket.empty().settings());
        settings.put("STEPTRAIL_EXPORTS_QUEUE_URL", "http://127.0.0.1:1/000000000000/exports.fifo");
        settings.put("STEPTRAIL_ISSUER", "https://issuer.example.com");
        settings.put("STEPTRAIL_CLIENT_ID", "client");
        return settings;
    }
}
