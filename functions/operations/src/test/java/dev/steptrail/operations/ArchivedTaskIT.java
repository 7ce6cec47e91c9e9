package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.archive.ArchiveWriter;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.NoteRepository;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.retention.TaskRestorer;
import dev.steptrail.store.retention.TaskRowReader;
import dev.steptrail.store.roles.FunctionLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that no record is lost that arrives during or after archiving, and what else can happen to an archived task.
 */
@Tag("slow")
@Timeout(120)
class ArchivedTaskIT {
    private static final WriteResult NOTHING_NEW = WriteResult.NONE;
    private static final WriteResult ONE_KEPT = new WriteResult(0, 0, 0, 1, 0);

    private final ExpiredTasks tasks = new ExpiredTasks();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void archivedStepThatArrivesAgain_isRejectedOnce_andADuplicateOrConflictOnceItsTaskIsRestored() {
        UUID task = tasks.task(2);
        assertThat(tasks.arrive(step(task, 1, "something else")).conflicts()).isOne();
        tasks.age(task);
        List<String> before = tasks.rows(task);
        tasks.run();

        assertThat(tasks.arrive(step(task, 1, "something else"))).isEqualTo(ONE_KEPT);
        assertThat(tasks.arrive(step(task, 1, "something else"))).isEqualTo(NOTHING_NEW);
        assertThat(tasks.arrive(tasks.stepWithScreenshots(task, 2))).isEqualTo(ONE_KEPT);

        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.database.column("SELECT step_number FROM rejected_messages WHERE reason ="
                        + " 'the task is archived; restore it, then retry' ORDER BY 1"))
                .containsExactly("1", "2");
        tasks.restored(task);
        assertThat(tasks.rows(task)).isEqualTo(before);

        assertThat(tasks.arrive(step(task, 1, "a third one"))).isEqualTo(new WriteResult(0, 0, 1, 1, 0));
        assertThat(tasks.arrive(tasks.stepWithScreenshots(task, 2))).isEqualTo(new WriteResult(0, 1, 0, 0, 0));
        tasks.age(task);
        tasks.run();
        tasks.purge();
        tasks.restored(task);
        assertThat(tasks.rows(task).subList(1, 7)).isEqualTo(before.subList(1, 7));
    }

    @Test
    void taskWithJudgementsTokensAndAttachments_losesItsScreenshots_andIsRestoredUnchanged() {
        UUID task = tasks.task(2);
        Step call = stepWithModelCall(task, 3);
        tasks.write(call);
        tasks.age(task);
        judge(task);
        String ofAnother = "screenshots/sender/" + UuidV7.at(Instant.now()) + "/thumbnail";
        tasks.bucket.put(ofAnother, new byte[1]);
        tasks.database.execute(
                "UPDATE step_screenshots SET thumbnail_path = '" + ofAnother + "' WHERE step_number = 2");
        List<String> rows = tasks.rows(task);
        List<String> others = otherRows(task);
        assertThat(others).hasSize(5).contains("(%s,2026-03-01,1,1200,1000,34)".formatted(task));

        tasks.run();
        tasks.purge();
        assertThat(tasks.keys("screenshots/")).contains(ofAnother).hasSize(2); // and the one that no row references
        deleteOrphans();

        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.keys("attachments/")).hasSize(1);
        assertThat(otherRows(task)).isEqualTo(others);
        assertThat(tasks.arrive(call)).isEqualTo(ONE_KEPT);
        assertThat(otherRows(task)).as("the tokens are not counted again").isEqualTo(others);

        tasks.restored(task);
        deleteOrphans();
        assertThat(tasks.rows(task)).isEqualTo(rows);
        assertThat(otherRows(task)).isEqualTo(others);
        assertThat(tasks.keys("attachments/")).hasSize(1);
    }

    @Test
    void stepWithTokensAfterTheArchive_isAddedToTheUsage_andDeletionRemovesJudgementsTokensAndAttachments() {
        UUID task = tasks.task(2);
        tasks.run();
        tasks.write(stepWithModelCall(task, 3));
        tasks.age(task);
        tasks.run();
        assertThat(otherRows(task)).containsExactly("(%s,2026-03-01,1,1200,1000,34)".formatted(task));
        assertThat(tasks.keys("attachments/")).hasSize(1);
        judge(task);

        try (Database api = tasks.database.database(FunctionLogin.API)) {
            assertThat(new TaskDeletion(api).delete(task, "alice")).isTrue();
        }
        tasks.purge();

        assertThat(otherRows(task)).isEmpty();
        assertThat(tasks.keys("")).isEmpty();
        assertThat(tasks.database.column("SELECT facet FROM task_facets")).isEmpty();
    }

    /** Returns a step with tokens and a model input in the bucket. */
    private Step stepWithModelCall(UUID task, int number) {
        String key = "attachments/sender/" + task + "/" + number + ".json.gz";
        tasks.bucket.put(key, new byte[1]);
        return step(task, number)
                .withModelCall(new ModelCall(Usage.of(1200, 1000, 34), null, "Tap"))
                .withAttachments(List.of(TestRecords.attachment("model_input", key)));
    }

    private void judge(UUID task) {
        try (Database api = tasks.database.database(FunctionLogin.API)) {
            new VerdictRepository(api).set(task, new NewVerdict("success", Label.FAIL, null, null, "no"), "alice");
            new VerdictRepository(api).set(task, new NewVerdict("success", Label.PASS, "judge", "1", null), "alice");
            new StepLabelRepository(api).add(task, 1, "bad", "alice");
            new NoteRepository(api).add(task, 3, "Look", "alice");
            new TagRepository(api).add(task, "camera", "alice");
        }
    }

    private List<String> otherRows(UUID task) {
        return Stream.of("verdicts", "step_labels", "notes", "task_usage")
                .flatMap(table -> tasks
                        .database
                        .column("SELECT t::text FROM " + table + " AS t WHERE task_id = '" + task + "' ORDER BY 1")
                        .stream())
                .toList();
    }

    /** Deletes objects that no row references, as if all were old. */
    private void deleteOrphans() {
        new OrphanDeleter(tasks.connection, tasks.objects, Clock.offset(Clock.systemUTC(), Duration.ofDays(60)))
                .run(ExpiredTasks.A_MINUTE, null);
    }

    @Test
    void differentStepsWithOneNumberInOneMessage_areAllRejected_andNewStepsAreStored() {
        UUID task = tasks.task(2);
        tasks.run();

        assertThat(tasks.arrive(
                        step(task, 2, "one"), step(task, 2, "another"), step(task, 2, "one"), step(task, 3, "late")))
                .isEqualTo(new WriteResult(1, 1, 0, 2, 0));

        assertThat(tasks.database.value("SELECT concat_ws(' ', total_steps, conflicting_steps) FROM tasks"))
                .isEqualTo("3 0");
        assertThat(tasks.arrive(step(task, 3, "late"))).isEqualTo(new WriteResult(0, 1, 0, 0, 0));
        assertThat(tasks.arrive(step(task, 3, "later")).conflicts()).isOne();
        assertThat(tasks.restored(task).steps()).isEqualTo(3);
    }

    @Test
    void restoreThatConflictsWithAStoredStepOrScreenshot_isRejectedNamingTheStep() {
        UUID task = tasks.task(2);
        tasks.run();
        tasks.acceptArchivedSteps();
        tasks.write(tasks.stepWithScreenshots(task, 2));

        for (String change : List.of(
                "UPDATE step_screenshots SET file_hash = 'another' WHERE screenshot_index = 1",
                "DELETE FROM step_screenshots WHERE screenshot_index = 1",
                "DELETE FROM step_screenshots; UPDATE task_steps SET thinking = 'something else'")) {
            tasks.database.execute(change);
            List<String> before = tasks.rows(task);

            assertThat(tasks.restore(task)).as(change).isInstanceOf(ArchiveRestorer.ArchiveUnusable.class);

            assertThat(tasks.rows(task)).isEqualTo(before);
        }
        assertThat(tasks.restore(task))
                .isEqualTo(new ArchiveRestorer.ArchiveUnusable("step 2 of part 1 differs from the stored step"));
        assertThat(tasks.database.column("SELECT state FROM archives")).containsExactly("archived");
    }

    @Test
    void archivedAbandonedTask_resumesWithALaterStepOnly_andHasItsEndingOnceRestored() {
        UUID task = abandoned();
        tasks.run();

        tasks.write(step(task, 1));
        tasks.write(ended(task, TaskStatus.ABANDONED, 2));
        assertThat(state(task)).isEqualTo("archived abandoned abandoned");
        tasks.write(step(task, 3));
        assertThat(state(task)).isEqualTo("archived running");
        tasks.write(ended(task, TaskStatus.SUCCEEDED, 3));
        assertThat(state(task)).isEqualTo("archived succeeded finished 3");
        tasks.write(ended(task, TaskStatus.FAILED, 3));
        assertThat(state(task)).isEqualTo("archived succeeded finished 3");

        tasks.restored(task);
        assertThat(state(task)).isEqualTo("succeeded finished 3");
    }

    @Test
    void partArchivedWhileEarlierPartsAreFetched_isRestoredToo() {
        UUID task = tasks.task(3);
        tasks.run();
        AtomicBoolean first = new AtomicBoolean(true);

        ArchiveRestorer.Outcome outcome = tasks.restore(task, () -> {
            if (first.getAndSet(false)) {
                tasks.write(tasks.stepWithScreenshots(task, 4));
                tasks.age(task);
                tasks.run();
            }
            return Duration.ofMinutes(1);
        });

        assertThat(outcome).isEqualTo(new ArchiveRestorer.Success(2, new TaskRestorer.Restored("succeeded", 4, 8)));
    }

    @Test
    void taskWithANewOwnerAfterArchiving_leavesNothingInTheBucketOnceDeleted() {
        tasks.database.register("sender", ExpiredTasks.OWNER, "bob");
        UUID task = abandoned();
        tasks.run();
        tasks.write(started(task, "bob"));
        assertThat(tasks.keys("archive/")).hasSize(1).noneMatch(key -> key.contains("bob"));

        new TaskDeletion(tasks.connection).delete(task, "bob");
        new ObjectPurger(tasks.connection, tasks.objects).run(ExpiredTasks.A_MINUTE, null);

        assertThat(tasks.keys("archive/")).isEmpty();
    }

    /** Creates a task with its second step, whose start and end never arrived. */
    private UUID abandoned() {
        UUID task = UuidV7.at(Instant.parse("2025-03-10T10:00:00Z"));
        tasks.write(step(task, 2));
        tasks.abandon();
        tasks.age(task);
        return task;
    }

    private String state(UUID task) {
        return tasks.database.task(task, "concat_ws(' ', status, archived_status, end_reason, last_step_number)");
    }

    @Test
    void lateSteps_becomeASecondPart_andAllAreRestored() {
        UUID task = tasks.task(3);
        tasks.run();

        tasks.write(tasks.stepWithScreenshots(task, 4));
        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.run().values()).containsOnly(0L);
        assertThat(tasks.steps(task)).isOne();

        tasks.age(task);
        assertThat(tasks.run()).containsEntry("archived_tasks", 1L);
        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.keys("archive/")).hasSize(2).anyMatch(key -> key.endsWith(task + ".2.jsonl.gz"));

        tasks.write(tasks.stepWithScreenshots(task, 5));
        assertThat(tasks.restore(task))
                .isEqualTo(new ArchiveRestorer.Success(2, new TaskRestorer.Restored("succeeded", 5, 10)));
        assertThat(tasks.steps(task)).isEqualTo(5);
    }

    @Test
    void stepsStoredAgainByAnEarlierRelease_areRestoredOnce() {
        UUID task = tasks.task(3);
        List<String> before = tasks.rows(task);
        tasks.run();
        tasks.acceptArchivedSteps();
        tasks.write(tasks.stepWithScreenshots(task, 2));
        tasks.age(task);
        tasks.run();
        tasks.write(tasks.stepWithScreenshots(task, 3));
        tasks.age(task);

        tasks.restored(task);

        assertThat(tasks.database.value("SELECT total_steps FROM tasks")).isEqualTo("3");
        assertThat(tasks.rows(task)).hasSameSizeAs(before);
        assertThat(tasks.rows(task).subList(1, before.size())).isEqualTo(before.subList(1, before.size()));
    }

    @Test
    void restoredTask_staysForAnotherRetention_andItsNextArchiveReplacesTheFirst() {
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
    void storedArchiveThatWasNotRecorded_isStoredAgain() {
        UUID task = tasks.task(2);
        new TaskArchiver(tasks.connection, tasks.objects).archive(task);
        tasks.database.execute("DELETE FROM archives"); // as if the run had been interrupted just before
        tasks.write(tasks.stepWithScreenshots(task, 3));
        tasks.age(task);

        tasks.run();

        assertThat(tasks.keys("archive/")).hasSize(1);
        assertThat(tasks.restored(task).steps()).isEqualTo(3);
    }

    @Test
    void stepOrKeepBetweenArchiveAndDelete_keepsAllRows_andTheStepIsInTheNextArchive() {
        UUID task = tasks.task(2);
        UUID kept = tasks.task(2);
        List.of(task, kept).forEach(new TaskArchiver(tasks.connection, tasks.objects)::archive);
        tasks.write(tasks.stepWithScreenshots(task, 3));
        tasks.database.execute("UPDATE tasks SET keep = true WHERE task_id = '" + kept + "'");

        assertThat(tasks.run().values()).containsOnly(0L);
        assertThat(tasks.steps(task)).isEqualTo(3);
        assertThat(tasks.status(task)).isEqualTo("succeeded");
        assertThat(tasks.steps(kept)).isEqualTo(2);
        assertThat(tasks.status(kept)).isEqualTo("succeeded");

        tasks.age(task);
        tasks.run();
        assertThat(tasks.keys("archive/")).hasSize(2);
        assertThat(tasks.restored(task).steps()).isEqualTo(3);
    }

    @Test
    void partStoredDuringARestore_isNotRecorded_andTheNextOneContainsAllRows() throws IOException {
        UUID task = tasks.task(3);
        tasks.run();
        tasks.write(tasks.stepWithScreenshots(task, 4));
        tasks.age(task);
        Path waiting = Files.createFile(folder.resolve("waiting"));
        Archive late;
        try (ArchiveWriter writer = new ArchiveWriter(waiting)) {
            late = writer.finish(
                    task,
                    new TaskRowReader(tasks.connection).read(task, writer).orElseThrow(),
                    folder.resolve("archive"));
        }
        tasks.restored(task);

        assertThat(new ArchiveRepository(tasks.connection).add(late)).isFalse();

        tasks.age(task);
        assertThat(tasks.run()).containsEntry("archived_tasks", 1L);
        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.steps(task)).isZero();
        assertThat(tasks.restored(task).steps()).isEqualTo(4);
    }

    @Test
    void taskDeletedBeforeItsArchiveIsRecorded_leavesNothingInTheBucket() {
        UUID task = tasks.task(2);
        tasks.database.execute(
                "CREATE FUNCTION erase() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
        tasks.database.execute(
                "CREATE TRIGGER as_if_deleted BEFORE INSERT ON archives FOR EACH ROW EXECUTE FUNCTION erase()");

        assertThat(new TaskArchiver(tasks.connection, tasks.objects).archive(task))
                .isFalse();

        assertThat(tasks.keys("archive/")).isEmpty();
    }
}
