package dev.steptrail.operations;

import static dev.steptrail.operations.PastTasks.A_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.archive.ArchiveWriter;
import dev.steptrail.archive.RestoreArchives;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.AddArchive;
import dev.steptrail.store.Archive;
import dev.steptrail.store.ReadTaskRows;
import dev.steptrail.store.RestoreTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RetentionIT {
    private final PastTasks tasks = new PastTasks();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void aPastTask_goesToTheBucket_andComesBackEqual() {
        UUID task = tasks.task(5);
        List<String> before = tasks.rows(task);

        Map<String, Long> counts = tasks.run();

        assertThat(counts).containsEntry("archived_tasks", 1L).containsEntry("left", 0L);
        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.rows(task)).hasSize(1);
        assertThat(tasks.keys("archive/"))
                .containsExactly("archive/alice%2F%2E%2E%2F%40example%2Ecom/" + task + ".jsonl.gz");

        assertThat(tasks.restore(task))
                .isEqualTo(new RestoreArchives.Done(1, new RestoreTask.Restored("succeeded", 5, 10)));
        assertThat(tasks.database.column("SELECT concat_ws(' ', caller, action, task_owner, detail) FROM audit_log"
                        + " WHERE task_id = '" + task + "'"))
                .containsExactly("root restore_task " + PastTasks.OWNER + " {}");
        assertThat(tasks.rows(task)).hasSize(1 + 5 + 10).isEqualTo(before);
    }

    @Test
    void itsPicturesGo_andWhatLiesWholeInTheBucketStays_evenAsAnOrphan() {
        UUID task = tasks.task(2);
        tasks.database.execute(
                "UPDATE task_steps SET step_data ="
                        + " json_build_object('payload_path', 'payloads/sender/' || task_id || '/whole') WHERE step_number = 1");
        String whole = "payloads/sender/" + task + "/whole";
        String theirs = "screenshots/sender/" + UuidV7.at(Instant.now()) + "/theirs";
        tasks.database.execute("UPDATE step_screenshots SET thumbnail_path = '" + theirs + "' WHERE step_number = 2");
        List.of(whole, theirs).forEach(key -> tasks.bucket.put(key, new byte[1]));

        tasks.run();
        tasks.purge();
        assertThat(tasks.keys("screenshots/")).contains(theirs).hasSize(2); // and the one that its row no longer names
        Clock inAYear = Clock.offset(Clock.systemUTC(), Duration.ofDays(365));
        new DeleteOrphans(tasks.connection, tasks.objects, inAYear).run(A_MINUTE, null);

        assertThat(tasks.keys("payloads/")).containsExactly(whole);
        assertThat(tasks.keys("archive/")).hasSize(1);
    }

    @Test
    void aTaskWithoutSteps_isArchivedToo() {
        UUID task = tasks.task(0);
        List<String> before = tasks.rows(task);

        tasks.run();
        assertThat(tasks.status(task)).isEqualTo("archived");

        assertThat(tasks.restored(task).steps()).isZero();
        assertThat(tasks.rows(task)).isEqualTo(before);
    }

    @Test
    void whatIsKept_orRuns_orHasNews_orIsGone_isLeftAlone() {
        UUID kept = tasks.task(1);
        UUID running = tasks.task(1);
        UUID recent = tasks.task(1);
        UUID deleted = tasks.task(0);
        tasks.database.execute("UPDATE tasks SET keep = true WHERE task_id = '" + kept + "'");
        tasks.database.execute("UPDATE tasks SET status = 'running' WHERE task_id = '" + running + "'");
        tasks.database.execute(
                "UPDATE tasks SET received_at = now() - interval '89 days' WHERE task_id = '" + recent + "'");
        tasks.database.execute(
                "UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + deleted + "'");

        assertThat(tasks.run().values()).containsOnly(0L);

        assertThat(List.of(kept, running, recent))
                .allSatisfy(task -> assertThat(tasks.steps(task)).isOne());
        assertThat(tasks.status(deleted)).isEqualTo("deleted");
        assertThat(tasks.keys("archive/")).isEmpty();
    }

    @Test
    void aTaskWhoseStepsAreNotCountedYet_waitsForThat() {
        UUID task = tasks.task(1);
        tasks.database.execute("UPDATE task_looks SET news_at = news_at - interval '1 hour'");

        tasks.retention.run(A_MINUTE, null);
        assertThat(tasks.steps(task)).isOne();

        tasks.run();
        assertThat(tasks.steps(task)).isZero();
    }

    @Test
    void withARetentionOfZero_allStays() {
        UUID task = tasks.task(1);

        new Retention(tasks.connection, tasks.objects, Duration.ZERO).run(A_MINUTE, null);

        assertThat(tasks.status(task)).isEqualTo("succeeded");
    }

    @Test
    void aMonthOfPastTasks_isEmptiedAtOnce_andDropped_andOneThatIsNotLosesTheseRowsAlone() {
        List<UUID> march = List.of(tasks.task(2), tasks.task(3), tasks.task(0));
        UUID lastOfMarch = tasks.task(Instant.parse("2025-03-31T23:59:59.999Z"), 1);
        Instant april = Instant.parse("2025-04-01T00:00:00Z");
        UUID past = tasks.task(april, 2);
        UUID kept = tasks.task(april, 2);
        tasks.database.execute("UPDATE tasks SET keep = true WHERE task_id = '" + kept + "'");

        assertThat(tasks.run())
                .isEqualTo(Map.of(
                        "archived_tasks",
                        5L,
                        "emptied_months",
                        1L,
                        "deleted_tasks",
                        1L,
                        "dropped_months",
                        1L,
                        "left",
                        0L,
                        "failed",
                        0L));

        assertThat(tasks.exists("task_steps_2025_03")).isFalse();
        assertThat(tasks.exists("step_screenshots_2025_03")).isFalse();
        assertThat(tasks.exists("task_steps_2025_04")).isTrue();
        assertThat(tasks.exists("task_steps_2025_02")).isTrue(); // made ahead, and never filled
        assertThat(tasks.steps(past)).isZero();
        assertThat(tasks.steps(kept)).isEqualTo(2);
        assertThat(march).allSatisfy(task -> assertThat(tasks.status(task)).isEqualTo("archived"));

        assertThat(tasks.restored(lastOfMarch).steps()).isOne();
        new KeepPartitions(tasks.connection).run(A_MINUTE, null);
        assertThat(tasks.database.value(
                        "SELECT tableoid::regclass FROM task_steps WHERE task_id = '" + lastOfMarch + "'"))
                .isEqualTo("task_steps_2025_03");
    }

    @Test
    void aMonthThatHasNotBeenOverForLong_isNotDropped() {
        Instant now = Instant.now();
        String month = YearMonth.from(now.atZone(ZoneOffset.UTC)).toString().replace('-', '_');
        UUID task = tasks.task(now, 1);

        assertThat(tasks.run()).containsEntry("deleted_tasks", 1L).containsEntry("dropped_months", 0L);

        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.exists("task_steps_" + month)).isTrue();
    }

    @Test
    void lateSteps_becomeASecondPart_andAllComeBack() {
        UUID task = tasks.task(3);
        tasks.run();

        tasks.write(tasks.picturedStep(task, 4));
        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.run().values()).containsOnly(0L);
        assertThat(tasks.steps(task)).isOne();

        tasks.age(task);
        assertThat(tasks.run()).containsEntry("archived_tasks", 1L);
        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.keys("archive/")).hasSize(2).anyMatch(key -> key.endsWith(task + ".2.jsonl.gz"));

        tasks.write(tasks.picturedStep(task, 5));
        assertThat(tasks.restore(task))
                .isEqualTo(new RestoreArchives.Done(2, new RestoreTask.Restored("succeeded", 5, 10)));
        assertThat(tasks.steps(task)).isEqualTo(5);
    }

    @Test
    void stepsThatAnEarlierReleaseTookAgainAfterTheyWereArchived_areThereOnceInTheEnd() {
        UUID task = tasks.task(3);
        List<String> before = tasks.rows(task);
        tasks.run();
        tasks.takeWhatIsArchived();
        tasks.write(tasks.picturedStep(task, 2));
        tasks.age(task);
        tasks.run();
        tasks.write(tasks.picturedStep(task, 3));
        tasks.age(task);

        tasks.restored(task);

        assertThat(tasks.database.value("SELECT total_steps FROM tasks")).isEqualTo("3");
        assertThat(tasks.rows(task)).hasSameSizeAs(before);
        assertThat(tasks.rows(task).subList(1, before.size())).isEqualTo(before.subList(1, before.size()));
    }

    @Test
    void aRestoredTask_staysForAnotherTerm_andThenItsNextArchiveTakesThePlaceOfTheFirst() {
        UUID task = tasks.task(2);
        List<String> before = tasks.rows(task);
        tasks.run();
        tasks.restored(task);

        assertThat(tasks.run().values()).containsOnly(0L);
        assertThat(tasks.rows(task)).isEqualTo(before);

        tasks.age(task);
        before = tasks.rows(task);
        assertThat(tasks.run()).containsEntry("archived_tasks", 1L);
        tasks.purge();
        assertThat(tasks.keys("archive/")).hasSize(1).allMatch(key -> key.endsWith(task + ".2.jsonl.gz"));

        assertThat(tasks.restored(task).steps()).isEqualTo(2);
        assertThat(tasks.rows(task)).isEqualTo(before);
    }

    @Test
    void whatTimeDoesNotAllow_isLeftForTheNextRun() {
        UUID first = tasks.task(1);
        UUID second = tasks.task(1);
        Deque<Duration> untilTheSecond = new ArrayDeque<>(List.of(Duration.ofMinutes(1)));

        Progress cutOff = tasks.retention.run(
                () -> untilTheSecond.isEmpty() ? Duration.ofSeconds(-1) : untilTheSecond.pop(), null);

        assertThat(cutOff.outcome()).isEqualTo("out_of_time");
        assertThat(cutOff.counts()).containsEntry("archived_tasks", 1L).containsEntry("deleted_tasks", 0L);
        assertThat(List.of(first, second))
                .allSatisfy(task -> assertThat(tasks.steps(task)).isOne());

        assertThat(tasks.run()).containsEntry("archived_tasks", 1L).containsEntry("emptied_months", 1L);
        assertThat(List.of(first, second))
                .allSatisfy(task -> assertThat(tasks.status(task)).isEqualTo("archived"));
    }

    @Test
    void oneTaskThatCannotBeArchived_keepsNoOther_andIsToldWithoutContent() {
        List<UUID> all = List.of(tasks.task(1), tasks.task(1), tasks.task(1));
        UUID first = Collections.min(all, Comparator.comparing(UUID::toString));
        refuse("INSERT ON archives", first);
        tasks.look();

        Progress progress = tasks.retention.run(A_MINUTE, null);

        assertThat(progress.outcome()).isEqualTo("partly_done");
        assertThat(progress.counts())
                .containsEntry("archived_tasks", 2L)
                .containsEntry("deleted_tasks", 2L)
                .containsEntry("failed", 1L);
        assertThat(progress.failures())
                .singleElement()
                .asString()
                .contains(first.toString())
                .doesNotContain("secret");
        assertThat(all).allSatisfy(task -> assertThat(tasks.status(task))
                .isEqualTo(task.equals(first) ? "succeeded" : "archived"));
    }

    @Test
    void oneTaskWhoseRowsCannotBeDeleted_keepsNoOther() {
        List<UUID> all = List.of(tasks.task(1), tasks.task(1), tasks.task(1));
        UUID first = Collections.min(all, Comparator.comparing(UUID::toString));
        refuse("UPDATE ON archives", first);
        tasks.look();

        Progress progress = tasks.retention.run(A_MINUTE, null);

        assertThat(progress.counts()).containsEntry("deleted_tasks", 2L).containsEntry("failed", 2L); // its month, too
        assertThat(tasks.steps(first)).isOne();
    }

    private void refuse(String what, UUID task) {
        tasks.database.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN IF NEW.task_id = '" + task
                + "' THEN RAISE EXCEPTION 'secret'; END IF; RETURN NEW; END $$");
        tasks.database.execute("CREATE TRIGGER refuses BEFORE " + what + " FOR EACH ROW EXECUTE FUNCTION refuse()");
    }

    @Test
    void anArchiveThatWasStoredAndNotNoted_isStoredAgain() {
        UUID task = tasks.task(2);
        new ArchiveTask(tasks.connection, tasks.objects).of(task);
        tasks.database.execute("DELETE FROM archives"); // as if cut off just before
        tasks.write(tasks.picturedStep(task, 3));
        tasks.age(task);

        tasks.run();

        assertThat(tasks.keys("archive/")).hasSize(1);
        assertThat(tasks.restored(task).steps()).isEqualTo(3);
    }

    @Test
    void aStepThatComesBetweenArchiveAndDelete_keepsAllRowsInPlace_andIsInTheNextArchive() {
        UUID task = tasks.task(2);
        new ArchiveTask(tasks.connection, tasks.objects).of(task);
        tasks.write(tasks.picturedStep(task, 3));

        assertThat(tasks.run().values()).containsOnly(0L);
        assertThat(tasks.steps(task)).isEqualTo(3);
        assertThat(tasks.status(task)).isEqualTo("succeeded");

        tasks.age(task);
        tasks.run();
        assertThat(tasks.keys("archive/")).hasSize(1);
        assertThat(tasks.restored(task).steps()).isEqualTo(3);
    }

    @Test
    void aTaskThatIsKeptBetweenArchiveAndDelete_keepsItsRows() {
        UUID task = tasks.task(2);
        new ArchiveTask(tasks.connection, tasks.objects).of(task);
        tasks.database.execute("UPDATE tasks SET keep = true");

        tasks.run();

        assertThat(tasks.status(task)).isEqualTo("succeeded");
        assertThat(tasks.steps(task)).isEqualTo(2);
    }

    @Test
    void aPartThatIsStoredWhileTheTaskIsRestored_isNotNoted_andTheNextOneHoldsAllRows() throws IOException {
        UUID task = tasks.task(3);
        tasks.run();
        tasks.write(tasks.picturedStep(task, 4));
        tasks.age(task);
        Path waiting = Files.createFile(folder.resolve("waiting"));
        Archive late;
        try (ArchiveWriter writer = new ArchiveWriter(waiting)) {
            late = writer.finish(
                    task,
                    new ReadTaskRows(tasks.connection).into(task, writer).orElseThrow(),
                    folder.resolve("archive"));
        }
        tasks.restored(task);

        assertThat(new AddArchive(tasks.connection).add(late)).isFalse();

        tasks.age(task);
        assertThat(tasks.run()).containsEntry("archived_tasks", 1L);
        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.restored(task).steps()).isEqualTo(4);
    }

    @Test
    void aTaskThatIsDeletedBeforeItsArchiveIsNoted_leavesNothingInTheBucket() {
        UUID task = tasks.task(2);
        tasks.database.execute(
                "CREATE FUNCTION erase() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
        tasks.database.execute(
                "CREATE TRIGGER as_if_deleted BEFORE INSERT ON archives FOR EACH ROW EXECUTE FUNCTION erase()");

        assertThat(new ArchiveTask(tasks.connection, tasks.objects).of(task)).isFalse();

        assertThat(tasks.keys("archive/")).isEmpty();
    }

    @Test
    void aMonthThatAReaderHolds_isEmptiedTaskByTask_andDroppedByTheNextRun() throws Exception {
        UUID task = tasks.task(2);
        try (Holder held = Holder.of(tasks.database, "SELECT count(*) FROM task_steps_2025_03")) {
            Progress progress = tasks.retention.run(A_MINUTE, null);
            assertThat(progress.counts())
                    .containsEntry("emptied_months", 0L)
                    .containsEntry("deleted_tasks", 1L)
                    .containsEntry("left", 1L);
            assertThat(progress.resumeAt()).isEqualTo("2025-03");
            assertThat(tasks.steps(task)).isZero();
        }

        assertThat(tasks.run()).containsEntry("dropped_months", 1L);
        assertThat(tasks.exists("task_steps_2025_03")).isFalse();
    }

    @Test
    void aTaskThatIsImportedIntoAMonthJustBeforeItIsEmptied_staysWhole() throws Exception {
        UUID past = tasks.task(2);
        UUID imported = UuidV7.at(Instant.parse("2025-03-20T10:00:00Z"));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Holder writer = Holder.of(tasks.database, """
                INSERT INTO tasks (task_id, owner, started_at, total_steps) VALUES ('%1$s', 'bob', now(), 1);
                INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at)
                VALUES ('%1$s', 1, 'action', '{}', now())
                """.formatted(imported))) {
            Future<Progress> run = pool.submit(() -> tasks.retention.run(A_MINUTE, null));
            while (tasks.database
                    .column("SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"
                            + " AND relation = 'task_steps_2025_03'::regclass")
                    .isEmpty()) {
                Thread.sleep(5);
            }
            writer.commit();
            assertThat(run.get().counts()).containsEntry("emptied_months", 0L).containsEntry("deleted_tasks", 1L);
        } finally {
            pool.shutdown();
        }

        assertThat(tasks.steps(imported)).isOne();
        assertThat(tasks.steps(past)).isZero();
    }
}
