package dev.steptrail.store.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.TaskFilter;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AuditLogIT {
    private static final TaskFilter ALL_TASKS = new TaskFilter(null, null, null, null, null, null, null, null);

    private static final TestDatabase SERVER = TestDatabase.migrated();
    private static final Database DATABASE = SERVER.database();
    private static final Database OTHER = SERVER.database();

    @AfterAll
    static void close() {
        DATABASE.close();
        OTHER.close();
    }

    @Test
    void recordingTheReadsOfManyTasks_endsAtItsTimeLimit() {
        AuditLog audit = new AuditLog(DATABASE);

        OTHER.inTransaction(session -> {
            session.sql("LOCK TABLE tasks").update();

            assertThatThrownBy(() ->
                            audit.recordMatchingReads("someone", "read_export", ALL_TASKS, Duration.ofMillis(300)))
                    .hasMessage("the database is not available (SQLSTATE 57014)");
            return session;
        });

        audit.recordMatchingReads("someone", "read_export", ALL_TASKS, Duration.ofMinutes(1));

        String limit = DATABASE.readOnce(session ->
                session.sql("SELECT current_setting('statement_timeout')").one(row -> row.getString(1)));
        assertThat(limit).isEqualTo("0");
    }
}
