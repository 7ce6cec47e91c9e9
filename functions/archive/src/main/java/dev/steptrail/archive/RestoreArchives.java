package dev.steptrail.archive;

import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
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
 * Brings an archived task back: its steps, and its status of before. Its screenshots' objects went for good when it was archived;
 * only what is known of them comes back. All parts are fetched and checked before any row is written. To ask again is harmless.
 */
public final class RestoreArchives {
    private final TaskRepository tasks;
    private final ArchiveRepository archives;
    private final TaskRestorer restorer;
    private final BucketReader bucket;

    public RestoreArchives(Database database, BucketReader bucket) {
        this.tasks = new TaskRepository(database);
        this.archives = new ArchiveRepository(database);
        this.restorer = new TaskRestorer(database);
        this.bucket = bucket;
    }

    /** What became of it. */
    public sealed interface Outcome {}

    /** It is as it was. */
    public record Done(int parts, TaskRestorer.Restored task) implements Outcome {}

    /** There is none, or it was deleted. */
    public record NoSuchTask() implements Outcome {}

    /** Its steps are where they were. */
    public record NotArchived() implements Outcome {}

    /**
     * A part of its archive is gone, or damaged, or differs from what is there, and nothing was changed.
     *
     * @param reason names the part and the check that it does not pass, and quotes nothing of the task
     */
    public record Unusable(String reason) implements Outcome {}

    /**
     * Restores a task, or changes nothing.
     *
     * @param entry what is written into the audit log if it is restored
     * @param time how much is left, asked again and again
     * @throws BucketException if S3 cannot be asked, or does not give the archive in this time
     * @throws dev.steptrail.store.jdbc.StoreException.Unavailable if the database cannot write it in this time
     */
    public Outcome of(UUID taskId, AuditEntry entry, Supplier<Duration> time) throws BucketException {
        Optional<Task> task = tasks.find(taskId);
        if (task.isEmpty()) {
            return new NoSuchTask();
        }
        List<Archive> parts = archives.findParts(taskId);
        if (!task.get().status().equals("archived") || parts.isEmpty()) {
            return new NotArchived();
        }
        Outcome outcome = restore(taskId, parts, entry, time);
        // Somebody restored it, or a late part was archived: look again.
        return outcome instanceof NotArchived ? of(taskId, entry, time) : outcome;
    }

    /** By the parts that it had; {@link NotArchived} if it has others now, or none. */
    private Outcome restore(UUID taskId, List<Archive> parts, AuditEntry entry, Supplier<Duration> time)
            throws BucketException {
        List<Path> files = new ArrayList<>();
        try {
            for (Archive part : parts) {
                Path file = Files.createTempFile("restore", ".gz");
                files.add(file);
                if (!bucket.copy(part.key(), file, time.get())) {
                    return new Unusable("part " + part.part() + " is not in the bucket: " + part.key());
                }
                ArchiveReader.check(Files.newInputStream(file), part);
            }
            return write(taskId, parts, files, entry, time.get());
        } catch (DamagedArchiveException e) {
            return new Unusable("part " + parts.get(files.size() - 1).part() + " is damaged: " + e.getMessage());
        } catch (TaskRestorer.StepDiffersException e) {
            return new Unusable("step %d of part %d is there already, and differs".formatted(e.stepNumber(), e.part()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            files.forEach(RestoreArchives::delete);
        }
    }

    private Outcome write(UUID taskId, List<Archive> parts, List<Path> files, AuditEntry entry, Duration time) {
        List<Integer> numbers = parts.stream().map(Archive::part).toList();
        List<TaskRestorer.Lines> lines = files.stream()
                .map(file -> (TaskRestorer.Lines) () -> ArchiveReader.lines(file))
                .toList();
        return restorer.restore(taskId, numbers, lines, entry, time)
                .<Outcome>map(restored -> new Done(parts.size(), restored))
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
