package dev.steptrail.store.retention;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.StepFilter;
import dev.steptrail.store.retention.PartitionRepository.Month;
import dev.steptrail.store.retention.PartitionRepository.MonthPartition;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PartitionRepositoryIT {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Instant MAY = Instant.parse("2019-05-10T10:00:00Z");
    private static final LocalDate FIRST_OF_MAY = LocalDate.of(2019, 5, 1);
    private static final Month MONTH = new Month(FIRST_OF_MAY);
    private static final MonthPartition STEPS_OF_MAY = new MonthPartition("task_steps", FIRST_OF_MAY);

    private final TestDatabase database = TestDatabase.migrated().register("sender", "alice");
    private final Database connection = database.database();
    private final PartitionRepository partitions = new PartitionRepository(connection, Duration.ofMillis(200));

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void importsOfEarlierYears_moveFromDefaultToNewMonths_whichHaveTheStructureOfInitialOnes() {
        UUID may = write(UuidV7.at(MAY));
        UUID lastOfJune = write(UuidV7.at(Instant.parse("2020-06-30T23:59:59.999Z")));
        UUID ofVersion4 = write(UUID.fromString("016aa0e1-0000-4372-a567-0e02b2c3d479")); // by chance of May 2019
        assertThat(partitionsOf(may)).containsExactly("task_steps_default", "step_screenshots_default");

        assertThat(partitions.findMissing().stream().map(MonthPartition::name))
                .containsExactly(
                        "task_steps_2019_05",
                        "step_screenshots_2019_05",
                        "task_steps_2020_06",
                        "step_screenshots_2020_06");
        assertThat(makeAll()).isEqualTo(4);

        for (UUID task : List.of(may, ofVersion4)) {
            assertThat(partitionsOf(task)).containsExactly("task_steps_2019_05", "step_screenshots_2019_05");
        }
        assertThat(partitionsOf(lastOfJune)).containsExactly("task_steps_2020_06", "step_screenshots_2020_06");
        assertThat(new StepRepository(connection)
                        .page(may, StepFilter.ALL, true, null, 10)
                        .items())
                .containsExactly(StoredStep.of(withPicture(may, 1)));
        assertThat(partitions.findMissing()).isEmpty();
        String initial = Instant.now().toString().substring(0, 7).replace('-', '_');
        for (String table : List.of("task_steps", "step_screenshots")) {
            assertThat(shape(table + "_2019_05")).isNotEmpty().isEqualTo(shape(table + "_" + initial));
        }
    }

    @Test
    void futureMonths_areCreatedThoughDefaultContainsTheirRows() {
        LocalDate thisMonth = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
        String now = thisMonth.format(DateTimeFormatter.ofPattern("_yyyy_MM"));
        String last = thisMonth.plusMonths(3).format(DateTimeFormatter.ofPattern("_yyyy_MM"));
        database.execute("DROP TABLE task_steps" + now + ", step_screenshots" + now + ", audit_log" + now
                + ", task_steps" + last);
        UUID task = write(UuidV7.at(Instant.now()));
        database.execute("INSERT INTO audit_log (caller, action) VALUES ('alice', 'read_steps')");

        assertThat(makeAll()).isEqualTo(4);

        assertThat(partitionsOf(task)).containsExactly("task_steps" + now, "step_screenshots" + now);
        assertThat(database.value("SELECT tableoid::regclass FROM audit_log")).isEqualTo("audit_log" + now);
        assertThat(database.value("SELECT to_regclass('task_steps" + last + "')"))
                .isNotNull();
        assertThat(partitions.findMissing()).isEmpty();
    }

    @Test
    void idsOfOtherVersionsOrImplausibleTimes_stayInDefault() {
        List<UUID> foreign = List.of(
                UUID.fromString("f47ac10b-58cc-4372-a567-0e02b2c3d479"),
                UUID.fromString("016aa0e1-0000-4372-a567-0e02b2c3d479"), // of version 4, and by chance of May 2019
                UuidV7.at(Instant.parse("2014-12-31T23:59:59Z")),
                UuidV7.at(Instant.now().plus(Duration.ofDays(150))),
                UuidV7.at(Instant.parse("9999-12-31T00:00:00Z")));
        foreign.forEach(this::write);

        assertThat(partitions.findMissing()).isEmpty();
        assertThat(foreign).allSatisfy(task -> assertThat(partitionsOf(task))
                .containsExactly("task_steps_default", "step_screenshots_default"));
    }

    @Test
    void lockedTable_orOneWithoutTimeLeft_isUnchanged_andCreatedLater_once() throws Exception {
        UUID task = write(UuidV7.at(MAY));
        assertThat(partitions.create(STEPS_OF_MAY, Duration.ZERO)).isEmpty();
        assertThat(whileReading(() -> partitions.create(STEPS_OF_MAY, A_MINUTE)))
                .isEqualTo(Optional.empty());
        assertThat(partitionsOf(task)).containsExactly("task_steps_default", "step_screenshots_default");
        assertThat(months()).isEmpty();

        try (Database other = database.database()) {
            CompletableFuture<Optional<Long>> first =
                    CompletableFuture.supplyAsync(() -> partitions.create(STEPS_OF_MAY, A_MINUTE));
            Optional<Long> second = new PartitionRepository(other).create(STEPS_OF_MAY, A_MINUTE);
            assertThat(List.of(first.get(), second)).containsExactlyInAnyOrder(Optional.of(1L), Optional.of(0L));
        }
        assertThat(partitions.create(STEPS_OF_MAY, A_MINUTE)).hasValue(0L);
        assertThat(database.count("task_steps")).isOne();
        assertThat(makeAll()).isEqualTo(1);
    }

    @Test
    void monthWithRows_orOfALockedTable_isNotDropped_andAnEmptyOneIs() {
        for (String table : List.of("task_steps", "step_screenshots")) {
            assertThat(partitions.create(new MonthPartition(table, FIRST_OF_MAY), A_MINUTE))
                    .isPresent();
        }
        write(UuidV7.at(MAY));
        assertThat(partitions.dropMonth(MONTH, A_MINUTE)).isFalse();
        assertThat(database.count("task_steps")).isOne();
        database.execute("DELETE FROM task_steps; DELETE FROM step_screenshots");

        assertThat(whileReading(() -> partitions.dropMonth(MONTH, A_MINUTE))).isEqualTo(false);

        assertThat(months()).containsExactly("step_screenshots_2019_05", "task_steps_2019_05");
        assertThat(partitions.dropMonth(MONTH, A_MINUTE)).isTrue();
        assertThat(months()).isEmpty();
    }

    /** Returns the result of a call while another session reads the steps. */
    private Object whileReading(Supplier<?> call) {
        try (Database reader = database.database()) {
            return reader.inTransaction(session -> {
                session.execute("LOCK TABLE task_steps IN ACCESS SHARE MODE");
                return call.get();
            });
        }
    }

    private List<String> months() {
        return database.column(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '%2019%' ORDER BY relname");
    }

    /** Returns the number of created months. */
    private int makeAll() {
        int made = 0;
        for (MonthPartition month : partitions.findMissing()) {
            assertThat(partitions.create(month, A_MINUTE)).isPresent();
            made++;
        }
        return made;
    }

    private UUID write(UUID task) {
        assertThat(database.write(withPicture(task, 1)).steps()).isEqualTo(1);
        return task;
    }

    private static Step withPicture(UUID task, int number) {
        return withScreenshot(step(task, number), FrameRole.BEFORE, "screenshots/sender/" + task + "/a.webp");
    }

    private List<String> partitionsOf(UUID task) {
        return database.column(
                "SELECT tableoid::regclass FROM task_steps WHERE task_id = '%1$s' UNION ALL SELECT tableoid::regclass FROM step_screenshots WHERE task_id = '%1$s'"
                        .formatted(task));
    }

    /** Returns the columns, constraints and indexes of a table. */
    private List<String> shape(String table) {
        return database.column("""
                SELECT line
                  FROM (SELECT attname || ' ' || atttypid::regtype || ' ' || attnotnull || ' ' || attcompression::text AS line
                          FROM pg_attribute WHERE attrelid = '%1$s'::regclass AND attnum > 0
                        UNION ALL
                        SELECT contype::text || ' ' || conislocal || ' ' || pg_get_constraintdef(oid)
                          FROM pg_constraint WHERE conrelid = '%1$s'::regclass
                        UNION ALL
                        SELECT replace(replace(pg_get_indexdef(indexrelid), '%1$s', ''), 'public.', '')
                          FROM pg_index WHERE indrelid = '%1$s'::regclass) AS lines
                 ORDER BY line
                """.formatted(table));
    }
}
