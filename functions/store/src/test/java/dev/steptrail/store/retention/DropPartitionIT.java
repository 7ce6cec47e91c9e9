package dev.steptrail.store.retention;

import static dev.steptrail.store.TestRecords.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.retention.PartitionRepository.Month;
import dev.steptrail.store.retention.PartitionRepository.MonthPartition;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DropPartitionIT {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final LocalDate DAY = LocalDate.of(2019, 5, 1);
    private static final UUID TASK = UuidV7.at(Instant.parse("2019-05-10T10:00:00Z"));

    private final TestDatabase database = TestDatabase.migrated();
    private final Database connection = database.database();
    private final PartitionRepository partitions = new PartitionRepository(connection, Duration.ofMillis(200));

    @BeforeEach
    void makeMonth() {
        for (String table : List.of("task_steps", "step_screenshots")) {
            assertThat(new PartitionRepository(connection).create(new MonthPartition(table, DAY), A_MINUTE))
                    .isPresent();
        }
    }

    @Test
    void anEmptyMonth_isDropped() {
        assertThat(partitions.dropMonth(new Month(DAY), A_MINUTE)).isTrue();
        assertThat(months()).isEmpty();
    }

    @Test
    void monthWithRows_isNotDropped() {
        new AgentRepository(connection).register(new Agent("sender", "alice", List.of()));
        new DatabaseStepWriter(connection).write(List.of(message("sender", TestRecords.step(TASK, 1))));

        assertThat(partitions.dropMonth(new Month(DAY), A_MINUTE)).isFalse();
        assertThat(months()).containsExactly("step_screenshots_2019_05", "task_steps_2019_05");
        assertThat(database.value("SELECT count(*) FROM task_steps")).isEqualTo("1");
    }

    @Test
    void monthOfALockedTable_isNotDropped_andTheConnectionStaysUsable() {
        try (Database other = database.database()) {
            boolean dropped = other.inTransaction(reading -> {
                try (var statement = reading.connection().createStatement()) {
                    statement.execute("LOCK TABLE task_steps IN ACCESS SHARE MODE");
                    return partitions.dropMonth(new Month(DAY), A_MINUTE);
                }
            });

            assertThat(dropped).isFalse();
        }
        assertThat(months()).hasSize(2);
        assertThat(partitions.dropMonth(new Month(DAY), A_MINUTE)).isTrue();
    }

    private List<String> months() {
        return database.column(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '%2019%' ORDER BY relname");
    }
}
