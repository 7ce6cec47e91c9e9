package dev.steptrail.store.query;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StepOutcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");

    @Test
    void months_existFromLastJanuaryToThreeMonthsAhead() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        List<String> months = Stream.iterate(YearMonth.of(today.getYear() - 1, 1), month -> month.plusMonths(1))
                .takeWhile(month -> !month.isAfter(YearMonth.from(today).plusMonths(3)))
                .map(month -> month.toString().replace('-', '_'))
                .toList();

        for (String parent : List.of("task_steps", "step_screenshots", "audit_log")) {
            assertThat(partitions(parent))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(months.stream(), Stream.of("default"))
                            .map(month -> parent + "_" + month)
                            .collect(Collectors.toList()));
        }
    }

    @Test
    void aMonthThatExists_isNotCreatedAgain() {
        String create = "SELECT create_month_partition('task_steps', '2019-12-01')";

        assertThat(DATABASE.value(create)).isEqualTo("0"); // moved rows
        assertThat(DATABASE.value(create)).isNull();
    }

    @Test
    void step_isStoredInTheMonthOfItsTask_andOtherIdsInDefault() {
        int year = LocalDate.now(ZoneOffset.UTC).getYear();
        UUID lastOfJanuary = UuidV7.at(Instant.parse(year + "-01-31T23:59:59.999Z"));
        UUID firstOfFebruary = UuidV7.at(Instant.parse(year + "-02-01T00:00:00Z"));
        UUID random = UUID.fromString("f47ac10b-58cc-4372-a567-0e02b2c3d479");

        for (UUID task : List.of(lastOfJanuary, firstOfFebruary, random)) {
            DATABASE.write(step(task, 1));
        }

        assertThat(partitionOf(lastOfJanuary)).isEqualTo("task_steps_" + year + "_01");
        assertThat(partitionOf(firstOfFebruary)).isEqualTo("task_steps_" + year + "_02");
        assertThat(partitionOf(random)).isEqualTo("task_steps_default");
    }

    @Test
    void aReadOfOneTask_touchesOnePartition() {
        int year = LocalDate.now(ZoneOffset.UTC).getYear();
        UUID task = UuidV7.at(Instant.parse(year + "-01-15T00:00:00Z"));

        List<String> plan = List.of(planOfListSteps("auto", task), planOfListSteps("force_generic_plan", task));

        assertThat(plan).allSatisfy(text -> assertThat(text.lines().filter(line -> line.contains(" on task_steps")))
                .singleElement()
                .asString()
                .contains("task_steps_" + year + "_01"));
        assertThat(plan.get(1)).contains("Subplans Removed"); // a generic plan
    }

    @Test
    void deletedTasksOfAnOwner_areCountedInTheirIndex() {
        DATABASE.execute("""
                INSERT INTO tasks (task_id, owner, started_at, status, deleted_at)
                SELECT gen_random_uuid(),
                       'owner-' || number % 100,
                       now(),
                       CASE WHEN number % 10 = 0 THEN 'deleted' ELSE 'succeeded' END,
                       CASE WHEN number % 10 = 0 THEN now() END
                  FROM generate_series(1, 5000) AS number
                """);
        DATABASE.execute("ANALYZE tasks");

        assertThat(DATABASE.column(
                        "EXPLAIN SELECT count(*) FROM tasks WHERE deleted_at IS NOT NULL AND owner = 'owner-10'"))
                .anyMatch(line -> line.contains("tasks_deleted"));
    }

    @Test
    void failedStepsOfALongTask_areFoundInTheirIndex() {
        UUID task = UuidV7.at(Instant.now());
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at) VALUES ('" + task + "', 'long', now())");
        DATABASE.execute(
                "INSERT INTO task_steps (task_id, step_number, step_type, step_data, success, created_at)" + " SELECT '"
                        + task + "', n, 'action', '{}', n % 1000 <> 0, now() FROM generate_series(1, 20000) AS n");
        DATABASE.execute("ANALYZE task_steps");

        assertThat(DATABASE.column("EXPLAIN SELECT step_number FROM task_steps WHERE task_id = '" + task
                        + "' AND step_number > 5000 AND NOT " + StepOutcome.SUCCEEDED
                        + " ORDER BY step_number LIMIT 1000"))
                .anyMatch(line -> line.contains("Index") && line.contains("task_id_step_number_idx"));
    }

    private static String planOfListSteps(String mode, UUID task) {
        String[] parts = StepRepository.sql(true, new Conditions()).split("\\?", -1);
        String prepare = "PREPARE steps (uuid, bigint, integer) AS " + parts[0] + "$1" + parts[1] + "$2" + parts[2]
                + "$3" + parts[3];
        try (Database database = DATABASE.database()) {
            return database.inTransaction(session -> {
                session.execute("SET LOCAL plan_cache_mode = " + mode);
                session.execute(prepare);
                return String.join(
                        "\n",
                        session.sql("EXPLAIN EXECUTE steps('" + task + "', 5, 51)")
                                .list(row -> row.getString(1)));
            });
        }
    }

    private static String partitionOf(UUID task) {
        return DATABASE.value("SELECT tableoid::regclass FROM task_steps WHERE task_id = '" + task + "'");
    }

    private static List<String> partitions(String parent) {
        return DATABASE.column("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = '" + parent
                + "'::regclass AND inhrelid::regclass::text !~ '_(2019|2020)_'");
    }
}
