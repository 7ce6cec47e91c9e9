package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrateHandlerIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();

    @Test
    void migrate_onAnEmptyDatabase_runsEachMigrationOnce() {
        MigrateHandler handler = new MigrateHandler(DATABASE.settings());

        TestContext context = new TestContext();
        Map<String, Object> first = handler.handleRequest(Map.of(), context);
        Map<String, Object> second = handler.handleRequest(Map.of(), context);

        List<String> versions = DATABASE.column("SELECT version FROM flyway_schema_history ORDER BY installed_rank");
        String last = versions.get(versions.size() - 1);
        assertThat(versions).doesNotHaveDuplicates();
        assertThat(first).isEqualTo(Map.of("migrations", versions.size(), "schema_version", last));
        assertThat(second).isEqualTo(Map.of("migrations", 0, "schema_version", last));
        assertThat(DATABASE.value("SELECT count(*) FROM tasks")).isEqualTo("0");
        assertThat(context.metricLines().get(0)).contains("\"MigrationsRun\":" + versions.size());
        assertThat(context.metricLines().get(1)).contains("\"MigrationsRun\":0");
    }

    @Test
    void migrate_onADatabaseWithOtherMigrations_failsAndSaysWhatToDo() {
        TestDatabase database = TestDatabase.migrated();
        database.execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");

        assertThatThrownBy(() -> new MigrateHandler(database.settings()).handleRequest(Map.of(), new TestContext()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Schema migration failed: the migrations that were applied to this database differ from those"
                                + " of this version. Deploy the version that created the schema, or use an empty database"
                                + " (for a local cloud, a new data folder).");
    }

    @Test
    void migrate_withoutTheUrl_namesTheSetting() {
        assertThatThrownBy(() -> new MigrateHandler(Map.of()).handleRequest(Map.of(), new TestContext()))
                .hasMessageEndingWith("STEPTRAIL_DATABASE_URL: is not set; set it in the function's environment");
    }
}
