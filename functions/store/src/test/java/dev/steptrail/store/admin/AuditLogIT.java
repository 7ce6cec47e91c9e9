package dev.steptrail.store.admin;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.TaskFilter;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AuditLogIT {
    private static final TaskFilter ALL_TASKS = TaskFilter.forOwner(null);

    private static final TestDatabase SERVER = TestDatabase.migrated();
    private static final Database DATABASE = SERVER.database();
    private static final Database OTHER = SERVER.database();

    @AfterAll
    static void close() {
        DATABASE.close();
        OTHER.close();
    }

    @Test
    void recordingReadsOfManyTasks_isCancelledAtTheReadTimeLimit() {
        AuditLog audit = new AuditLog(DATABASE);
        DATABASE.setReadDeadline(Duration.ofMillis(300));

        OTHER.inTransaction(session -> {
            session.sql("LOCK TABLE tasks").update();

            assertThatThrownBy(() -> audit.recordMatchingReads("someone", "read_export", ALL_TASKS))
                    .hasMessage("the database is not available (SQLSTATE 57014)");
            return session;
        });

        DATABASE.setReadDeadline(Duration.ofMinutes(1));
        assertThatCode(() -> audit.recordMatchingReads("someone", "read_export", ALL_TASKS))
                .doesNotThrowAnyException();
    }
}
