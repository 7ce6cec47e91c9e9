package dev.steptrail.archive;

import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.store.admin.JobCompletion;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import dev.steptrail.store.retention.TaskRestorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Restores an archived task: its steps and its previous status. The screenshot files were deleted permanently when the
 * task was archived, so only their rows are restored. All parts are fetched and verified before any row is written.
 * Idempotent.
 */
public final class ArchiveRestorer {
    private final TaskRepository tasks;
    private final ArchiveRepository archives;
    private final TaskRestorer restorer;
    private final BucketReader bucket;

    public ArchiveRestorer(Database database, BucketReader bucket) {
        this.tasks = new TaskRepository(database);
        this.archives = new ArchiveRepository(database);
        this.restorer = new TaskRestorer(database);
        this.bucket = bucket;
    }

    /** The outcome of {@link #restore}. */
    public sealed interface Outcome {}

    /** The task was restored. */
    public record Success(int parts, TaskRestorer.Restored task) implements Outcome {}

    /** The task does not exist or was deleted. */
    public record NoSuchTask() implements Outcome {}

    /** The task is not archived. */
    public record NotArchived() implements Outcome {}

    /**
     * A part of the archive is missing or damaged, or conflicts with a stored step. Nothing was changed.
     *
     * @param reason names the part and the failed check, and contains no content of the task
     */
    public record ArchiveUnusable(String reason) implements Outcome {}

    /**
     * Restores a task. Changes nothing if it fails.
     *
     * @param completion ends the job if the task is restored
     * @param remaining returns the time left for the restore; called repeatedly
     * @throws BucketException if S3 is unavailable or does not return the archive in time
     * @throws dev.steptrail.store.jdbc.StoreException.Unavailable if the database is unavailable or does not store the
     *     task in time
     */
    public Outcome restore(UUID taskId, JobCompletion completion, Supplier<Duration> remaining) throws BucketException {
        Optional<Task> task = tasks.find(taskId);
        if (task.isEmpty()) {
            return new NoSuchTask();
        }
        List<Archive> parts = archives.findParts(taskId);
        if (!task.get().status().equals("archived") || parts.isEmpty()) {
            return new NotArchived();
        }
        Outcome outcome = restoreParts(taskId, parts, completion, remaining);
        // Start over if the task was restored, or another part archived, in the meantime.
        return outcome instanceof NotArchived ? restore(taskId, completion, remaining) : outcome;
    }

    /** Restores these parts. Returns {@link NotArchived} if the task's parts have changed in the meantime. */
    private Outcome restoreParts(
            UUID taskId, List<Archive> parts, JobCompletion completion, Supplier<Duration> remaining)
            throws BucketException {
        List<Path> files = new ArrayList<>();
        try {
            for (Archive part : parts) {
                Path file = Files.createTempFile("restore", ".gz");
                files.add(file);
                if (!bucket.copy(part.key(), file, remaining.get())) {
                    return new ArchiveUnusable("part " + part.part() + " is not in the bucket: " + part.key());
                }
                ArchiveReader.check(Files.newInputStream(file), part);
            }
            return write(taskId, parts, files, completion, remaining.get());
        } catch (DamagedArchiveException e) {
            return new ArchiveUnusable("part " + parts.get(files.size() - 1).part() + " is damaged: " + e.getMessage());
        } catch (TaskRestorer.StepDiffersException e) {
            return new ArchiveUnusable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            files.forEach(ArchiveRestorer::delete);
        }
    }

    private Outcome write(
            UUID taskId, List<Archive> parts, List<Path> files, JobCompletion completion, Duration timeout) {
        List<Integer> numbers = parts.stream().map(Archive::part).toList();
        List<TaskRestorer.LineSource> lines = files.stream()
                .map(file -> (TaskRestorer.LineSource) () -> ArchiveReader.openLines(file))
                .toList();
        return restorer.restore(taskId, numbers, lines, completion, timeout)
                .<Outcome>map(restored -> new Success(parts.size(), restored))
                .orElseGet(NotArchived::new);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
