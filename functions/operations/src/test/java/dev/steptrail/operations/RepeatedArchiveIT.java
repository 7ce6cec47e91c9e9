package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.archive.ArchiveWriter;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import dev.steptrail.store.retention.TaskRestorer;
import dev.steptrail.store.retention.TaskRowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that records that arrive during and after archiving are in the next archive and none is lost. */
@Tag("slow")
class RepeatedArchiveIT {
    private final ExpiredTasks tasks = new ExpiredTasks();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        tasks.close();
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
    void stepBetweenArchiveAndDelete_keepsAllRows_andIsInTheNextArchive() {
        UUID task = tasks.task(2);
        new TaskArchiver(tasks.connection, tasks.objects).archive(task);
        tasks.write(tasks.stepWithScreenshots(task, 3));

        assertThat(tasks.run().values()).containsOnly(0L);
        assertThat(tasks.steps(task)).isEqualTo(3);
        assertThat(tasks.status(task)).isEqualTo("succeeded");

        tasks.age(task);
        tasks.run();
        assertThat(tasks.keys("archive/")).hasSize(1);
        assertThat(tasks.restored(task).steps()).isEqualTo(3);
    }

    @Test
    void taskKeptBetweenArchiveAndDelete_keepsItsRows() {
        UUID task = tasks.task(2);
        new TaskArchiver(tasks.connection, tasks.objects).archive(task);
        tasks.database.execute("UPDATE tasks SET keep = true");

        tasks.run();

        assertThat(tasks.status(task)).isEqualTo("succeeded");
        assertThat(tasks.steps(task)).isEqualTo(2);
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
